import { expect } from 'chai';
import type { Model, ModelStatic } from 'sequelize';
import { connect, RollbackWith, type Database } from '@studyin/domain/database';
import { deterministicUuid, eventIdFor } from '@studyin/domain/events';
import { defineModels, StudyEvent, type Models } from '@studyin/domain/models';
import { useTestDatabase } from '@studyin/testkit/test-database';

const id = (text: string): string => deterministicUuid('models-test', text);
const userId = id('learner');
const atMs = Date.now() - 3_600_000;

function attempt(
  questionId: string,
  { atMs: attemptedMs, studyDay, isCorrect }: { atMs: number; studyDay: string; isCorrect: boolean },
) {
  return {
    userId,
    attemptedAt: new Date(attemptedMs),
    id: eventIdFor(attemptedMs, questionId),
    sessionId: id('session'),
    questionId,
    topicId: id('topic'),
    receivedAt: new Date(attemptedMs),
    studyDay,
    selectedAnswer: 'A',
    isCorrect,
    gradedBy: 'key' as const,
    timeToAnswerSeconds: 12.5,
  };
}

describe('models', () => {
  let database: Database;
  let models: Models;

  after(() => database.close()); // before the drop below: hooks run in the order they are defined
  const testDatabase = useTestDatabase();
  before(async () => {
    database = connect({ url: testDatabase().url, applicationName: 'models-test', poolSize: 2 });
    models = defineModels(database.sequelize);
    const { Topic, TopicRelationship, Question, Material, Learner, TopicMastery } = models;
    const shared = { level: 2, effectiveExamWeight: 5 };
    await Topic.create({ ...shared, id: id('parent'), level: 1, path: 'heart', slug: 'heart', name: 'Heart' });
    await Topic.create({
      ...shared,
      id: id('topic'),
      parentId: id('parent'),
      path: 'heart/failure',
      slug: 'failure',
      name: 'Heart failure',
    });
    await Topic.create({
      ...shared,
      id: id('other'),
      parentId: id('parent'),
      path: 'heart/rhythm',
      slug: 'rhythm',
      name: 'Rhythm',
    });
    await TopicRelationship.create({
      sourceTopicId: id('other'),
      targetTopicId: id('topic'),
      relationshipType: 'prerequisite',
    });
    await Question.create({ id: id('question'), topicId: id('topic'), correctAnswer: 'A', options: ['A', 'B'] });
    await Material.create({ id: id('material'), topicId: id('topic'), kind: 'reading' });
    await Learner.create({ userId });
    const seen = { firstStudiedAt: new Date(atMs), lastStudiedAt: new Date(atMs), asOf: new Date(atMs) };
    await TopicMastery.create({ userId, topicId: id('topic'), masteryScore: 0.5, ...seen });
  });

  it('joins a topic with its parent, children, questions, materials and relationships', async () => {
    const { Topic } = models;
    const topic = await Topic.findByPk(id('topic'), {
      include: ['parent', 'questions', 'materials', { association: 'incoming', include: ['source'] }],
    });
    expect(topic?.parent?.name).to.equal('Heart');
    expect(topic?.questions?.map(({ correctAnswer, version }) => [correctAnswer, version])).to.deep.equal([['A', 1]]);
    expect(topic?.materials?.map(({ kind }) => kind)).to.deep.equal(['reading']);
    expect(topic?.incoming?.map(({ source, strength }) => [source?.slug, strength])).to.deep.equal([['rhythm', 1]]);
    const parent = await Topic.findByPk(id('parent'), { include: ['children'] });
    expect(parent?.children?.map(({ slug }) => slug)).to.have.members(['failure', 'rhythm']);
  });

  it('joins a learner with what is theirs, and mastery with its topic', async () => {
    const learner = await models.Learner.findByPk(userId, {
      include: [
        'progress',
        'metrics',
        { association: 'topicMastery', include: ['topic'] },
        'sessions',
        'questionProgress',
        'dailyStats',
        'weeklyStats',
        'gaps',
      ],
    });
    expect(learner?.topicMastery?.map(({ masteryScore, topic }) => [masteryScore, topic?.name])).to.deep.equal([
      [0.5, 'Heart failure'],
    ]);
    expect(learner?.progress).to.equal(null);
    expect(learner?.gaps).to.deep.equal([]);
  });

  it('joins every association that is declared', async () => {
    for (const model of Object.values<ModelStatic<Model>>(models)) {
      for (const association of Object.keys(model.associations)) {
        await model.findAll({ include: [association], limit: 1 });
      }
    }
  });

  it('leaves defaults to the database and shows them after saving', async () => {
    const learner = await models.Learner.create({ userId: id('new learner') });
    expect(learner.toJSON()).to.deep.include({
      watermark: '0',
      answers: '0',
      timezone: 'UTC',
      rolloverHour: 0,
      dailyGoalMinutes: 30,
      examDate: null,
    });
    expect(learner.createdAt).to.be.an.instanceOf(Date);
  });

  it('carries a date as the string it is, and a bigint as a string', async () => {
    const day = { userId: id('dated'), examDate: '2026-03-29', answers: '9007199254740993' };
    await models.Learner.create(day);
    const learner = await models.Learner.findByPk(id('dated'));
    expect(learner?.toJSON()).to.deep.include(day);
  });

  it('works inside a transaction, and is undone with it', async () => {
    const seen = await database.transaction(async (tx) => {
      await models.Learner.create({ userId: id('undone') }, { transaction: tx.sequelize });
      throw new RollbackWith(
        await models.Learner.count({ where: { userId: id('undone') }, transaction: tx.sequelize }),
      );
    });
    expect(seen).to.equal(1);
    expect(await models.Learner.findByPk(id('undone'))).to.equal(null);
  });

  it('numbers attempts by event time and id, whatever their arrival', async () => {
    const [first, second] = [id('question'), id('question 2')];
    const day = 24 * 3_600_000;
    await models.QuestionAttempt.create(attempt(first, { atMs, studyDay: '2026-03-05', isCorrect: true }));
    await models.QuestionAttempt.create(attempt(second, { atMs: atMs - 500, studyDay: '2026-03-05', isCorrect: true }));
    await models.QuestionAttempt.create(
      attempt(first, { atMs: atMs - 3 * day, studyDay: '2026-03-02', isCorrect: false }),
    );
    await models.QuestionAttempt.create(
      attempt(first, { atMs: atMs - 3 * day + 1, studyDay: '2026-03-01', isCorrect: false }),
    );
    const rows = await models.NumberedAttempt.findAll({
      where: { userId, questionId: first },
      order: ['attemptedAt', 'id'],
    });
    expect(rows.map((row) => [row.attemptNumber, row.isFirstAttempt, row.daysSinceLastAttempt])).to.deep.equal([
      ['1', true, null],
      ['2', false, 0], // flown west: the study day went back, the gap does not
      ['3', false, 4],
    ]);
    const others = await models.NumberedAttempt.findAll({ where: { userId, questionId: second } });
    expect(others.map((row) => row.attemptNumber)).to.deep.equal(['1']);
  });

  it('may be defined for several pools in one process, each set bound to its own', async () => {
    const second = connect({ url: testDatabase().url, applicationName: 'models-test-2', poolSize: 1 });
    try {
      const others = defineModels(second.sequelize);
      expect(others.Topic.sequelize).to.equal(second.sequelize);
      expect(models.Topic.sequelize).to.equal(database.sequelize);
      expect(await others.Topic.count()).to.equal(await models.Topic.count());
      expect(await models.Topic.findByPk(id('topic'))).to.be.an.instanceOf(models.Topic);
      expect(models.StudyEvent.prototype).to.be.an.instanceOf(StudyEvent);
    } finally {
      await second.close();
    }
  });
});
