import { expect } from 'chai';
import { statement } from '@studyin/domain/database';
import { DomainError } from '@studyin/domain/errors';
import { deterministicUuid } from '@studyin/domain/events';
import { getTopic, importCurriculum, listTopics, type CurriculumInput } from '@studyin/domain/services';
import { waitFor } from '@studyin/testkit/wait-for';
import { listQueuedLearners, useCurriculumApp } from './curriculum-test-app.ts';

const id = (text: string): string => deterministicUuid('import-test', text);
const topic = (slug: string, parent: string | null = null) => ({
  id: id(slug),
  slug,
  name: slug,
  parentId: parent === null ? null : id(parent),
});
const prerequisite = (before: string, after: string) => ({
  sourceTopicId: id(before),
  targetTopicId: id(after),
  relationshipType: 'prerequisite' as const,
});
const question = (name: string, topicSlug: string) => ({
  id: id(name),
  topicId: id(topicSlug),
  correctAnswer: 'A',
  options: ['A', 'B'],
});
const material = (name: string, topicSlug: string) => ({ id: id(name), topicId: id(topicSlug), kind: 'reading' });

const start: CurriculumInput = {
  topics: [
    { ...topic('failure', 'heart'), description: 'Pumps too little.', difficultyLevel: 3, estimatedStudyHours: 4.5 },
    { ...topic('heart', 'exam'), boardExamWeight: 7.5 },
    topic('exam'),
    { ...topic('rhythm', 'heart'), boardExamWeight: 2 },
    topic('lung', 'exam'),
  ],
  relationships: [
    prerequisite('rhythm', 'failure'),
    prerequisite('lung', 'rhythm'),
    { ...prerequisite('failure', 'lung'), relationshipType: 'related', strength: 0.5 },
  ],
  questions: [question('q1', 'failure'), question('q2', 'failure'), question('q3', 'rhythm')],
  materials: [material('m1', 'failure')],
};

const insertLearner = statement('test.learner', `insert into learners (user_id) values ($1)`);
const insertMastery = statement(
  'test.mastery',
  `insert into topic_mastery (user_id, topic_id, first_studied_at, last_studied_at, as_of) values ($1, $2, now(), now(), now())`,
);
const lockLearner = statement('test.lock', `select user_id from learners where user_id = $1 for update`);
const deleteJobs = statement('test.delete_jobs', `delete from pgboss.job`);
const selectVersions = statement('test.versions', `select id, version from questions`);
const countWaiting = statement(
  'test.waiting',
  `select count(*)::int as n
  from pg_locks l
  join pg_stat_activity a on a.pid = l.pid
  where a.datname = current_database() and not l.granted`,
);

describe('the import of a curriculum', () => {
  const app = useCurriculumApp();
  const importing = (input: CurriculumInput) => importCurriculum(app(), input);
  const bySlug = async () => new Map((await listTopics(app())).map((row) => [row.slug, row]));

  before('import a small curriculum', async () => {
    expect(await importing(start)).to.deep.equal({
      version: 1,
      topics: 5,
      relationships: 3,
      questions: 3,
      materials: 1,
    });
  });

  it('computes level, path, effective weight, counts and what each topic blocks', async () => {
    const rows = (await listTopics(app())).map((row) => [
      row.path,
      row.level,
      row.boardExamWeight,
      row.effectiveExamWeight,
      row.questionsCount,
      row.materialsCount,
      row.blocksCount,
    ]);
    expect(rows).to.deep.equal([
      ['exam', 0, null, 0, 0, 0, 0],
      ['exam/heart', 1, 7.5, 7.5, 0, 0, 0],
      ['exam/heart/failure', 2, null, 7.5, 2, 1, 0],
      ['exam/heart/rhythm', 2, 2, 2, 1, 0, 1],
      ['exam/lung', 1, null, 0, 0, 0, 2],
    ]);
  });

  it('changes nothing when everything is there already, and keeps the version', async () => {
    expect(await importing(start)).to.deep.equal({
      version: 1,
      topics: 0,
      relationships: 0,
      questions: 0,
      materials: 0,
    });
    expect(await importing({})).to.deep.include({ version: 1 });
  });

  it('shows a topic by id or slug with what belongs to it, and never the key of a question', async () => {
    const shown = await getTopic(app(), 'failure');
    expect(shown).to.deep.include({
      name: 'failure',
      description: 'Pumps too little.',
      difficultyLevel: 3,
      estimatedStudyHours: 4.5,
      parent: { id: id('heart'), slug: 'heart', name: 'heart' },
      children: [],
      materials: [{ id: id('m1'), kind: 'reading', chunkCount: 0, estimatedMinutes: null }],
    });
    expect(
      shown.relationships.map((row) => [row.relationshipType, row.direction, row.strength, row.topic.slug]),
    ).to.deep.equal([
      ['prerequisite', 'incoming', 1, 'rhythm'],
      ['related', 'outgoing', 0.5, 'lung'],
    ]);
    expect(JSON.stringify(shown)).not.to.include('correct');
    expect(await getTopic(app(), id('failure').toUpperCase())).to.deep.equal(shown);
    const missing: unknown = await getTopic(app(), 'nowhere').catch((error: unknown) => error);
    expect(missing).to.be.an.instanceOf(DomainError).with.property('code', 'not_found');
  });

  it('moves what lies below a topic that moves, and raises the version once', async () => {
    const { version } = await importing({ topics: [{ ...topic('lung', 'exam'), boardExamWeight: 5 }] });
    await importing({ topics: [topic('failure', 'lung')] });
    expect((await bySlug()).get('failure')).to.deep.include({
      path: 'exam/lung/failure',
      level: 2,
      effectiveExamWeight: 5,
      description: null,
    });
    await importing({ topics: [{ ...topic('lung', 'exam'), slug: 'lungs', boardExamWeight: 6 }] });
    expect((await bySlug()).get('failure')).to.deep.include({ path: 'exam/lungs/failure', effectiveExamWeight: 6 });
    expect(await importing(start)).to.deep.include({ version: version + 3, topics: 2 });
  });

  it('lets two topics trade their slugs', async () => {
    await importing({
      topics: [
        { ...topic('lung', 'exam'), slug: 'heart' },
        { ...topic('heart', 'exam'), slug: 'lung', boardExamWeight: 7.5 },
      ],
    });
    expect((await bySlug()).get('heart')?.id).to.equal(id('lung'));
    expect((await bySlug()).get('failure')?.path).to.equal('exam/lung/failure');
    await importing(start);
  });

  it('raises the version of a question whose key or options change, unless a version is given', async () => {
    const versionOf = async (name: string) => {
      const rows = await app().database.reader.query<{ id: string; version: number }>(selectVersions);
      return rows.find((row) => row.id === id(name))?.version;
    };
    expect(await versionOf('q1')).to.equal(1);
    await importing({ questions: [{ ...question('q1', 'failure'), correctAnswer: 'B' }] });
    expect(await versionOf('q1')).to.equal(2);
    await importing({ questions: [{ ...question('q1', 'rhythm'), correctAnswer: 'B', difficulty: 0.4 }] });
    expect(await versionOf('q1')).to.equal(2);
    await importing({ questions: [{ ...question('q1', 'failure'), version: 7 }] });
    expect(await versionOf('q1')).to.equal(7);
  });

  it('is seen by the cache of its own process at once', async () => {
    await app().curriculum.current();
    await importing({ questions: [{ ...question('q2', 'failure'), correctAnswer: 'B' }] });
    expect((await app().curriculum.current()).questions.get(id('q2'))?.correctAnswer).to.equal('B');
  });

  it('takes turns with another import', async () => {
    const { version } = await importing(start);
    const extra = (slug: string): CurriculumInput => ({ topics: [topic(slug, 'exam')] });
    const both = await Promise.all([importing(extra('kidney')), importing(extra('liver'))]);
    expect(both.map((outcome) => outcome.version).sort((a, b) => a - b)).to.deep.equal([version + 1, version + 2]);
  });

  describe('when materials come or move', () => {
    const [one, two, other] = [id('learner 1'), id('learner 2'), id('learner 3')].sort() as [string, string, string]; // as: three in, three out

    before(async () => {
      await app().database.transaction(async (tx) => {
        for (const userId of [one, two, other]) await tx.query(insertLearner, [userId]);
        for (const userId of [one, two]) await tx.query(insertMastery, [userId, id('rhythm')]);
        await tx.query(insertMastery, [other, id('lung')]);
      });
    });
    beforeEach(() => app().database.transaction((tx) => tx.query(deleteJobs)));

    it('sends each learner of the topic one job', async () => {
      await importing({ materials: [material('m2', 'rhythm'), material('m3', 'rhythm')] });
      expect(await listQueuedLearners(app().database)).to.deep.equal([one, two]);
    });

    it('sends a job to the learners of both topics of a moved material, though it may be their only one', async () => {
      await importing({ materials: [material('m2', 'lung')] });
      expect(await listQueuedLearners(app().database)).to.deep.equal([one, two, other]);
    });

    it('sends nobody a job for a material that stays where it is', async () => {
      await importing({ materials: [{ ...material('m2', 'lung'), chunkCount: 9 }] });
      expect(await listQueuedLearners(app().database)).to.deep.equal([]);
    });

    it('waits for a worker that holds one of the learners, so that no job is swallowed', async () => {
      const { database } = app();
      const imported = await database.transaction(async (tx) => {
        await tx.query(lockLearner, [two]);
        const pending = importing({ materials: [material('m4', 'rhythm')] });
        await waitFor(async () => (await database.reader.query<{ n: number }>(countWaiting))[0]?.n === 1, {
          what: 'the import to wait',
        });
        return { pending };
      });
      expect(await imported.pending).to.deep.include({ materials: 1 });
      expect(await listQueuedLearners(database)).to.deep.equal([one, two]);
    });
  });
});
