import { expect } from 'chai';
import { DomainError } from '@studyin/domain/errors';
import { deterministicUuid } from '@studyin/domain/events';
import { importCurriculum, listTopics, type CurriculumInput } from '@studyin/domain/services';
import { useCurriculumApp } from './curriculum-test-app.ts';

const id = (text: string): string => deterministicUuid('refusal-test', text);
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
const question = { id: id('q'), topicId: id('b'), correctAnswer: 'A' };

const stored: CurriculumInput = {
  topics: [topic('a'), topic('b', 'a'), topic('c', 'b'), topic('d', 'c')],
  relationships: [prerequisite('b', 'c'), prerequisite('c', 'd')],
};

type Refusal = {
  readonly title: string;
  readonly input: unknown;
  readonly path: string;
  readonly message: string | RegExp;
};
const refusals: readonly Refusal[] = [
  {
    title: 'a cycle that only stored and given prerequisites make together',
    input: { relationships: [prerequisite('d', 'b')] },
    path: 'relationships.0',
    message: /cycle of prerequisites: (b → c → d → b|c → d → b → c|d → b → c → d)$/,
  },
  {
    title: 'a topic that is its own prerequisite',
    input: { relationships: [prerequisite('b', 'b')] },
    path: 'relationships.0.targetTopicId',
    message: 'relates to itself',
  },
  {
    title: 'an unknown parent',
    input: { topics: [topic('e'), topic('f', 'gone')] },
    path: 'topics.1.parentId',
    message: `unknown parent ${id('gone')}`,
  },
  {
    title: 'a topic under itself',
    input: { topics: [topic('b', 'd')] },
    path: 'topics.0.parentId',
    message: /cycle of parents: (b → d → c → b|c → b → d → c|d → c → b → d)$/,
  },
  {
    title: 'a slug given twice',
    input: { topics: [topic('e'), { ...topic('f'), slug: 'e' }] },
    path: 'topics.1.slug',
    message: 'duplicate slug "e"',
  },
  {
    title: 'a slug that another stored topic has',
    input: { topics: [{ ...topic('e'), slug: 'c' }] },
    path: 'topics.0.slug',
    message: `duplicate slug "c", topic ${id('c')} has it`,
  },
  {
    title: 'an id given twice',
    input: { topics: [topic('e'), { ...topic('e'), slug: 'f' }] },
    path: 'topics.1.id',
    message: 'duplicate id',
  },
  {
    title: 'a relationship given twice',
    input: { relationships: [prerequisite('a', 'b'), prerequisite('a', 'b')] },
    path: 'relationships.1.targetTopicId',
    message: 'duplicate',
  },
  {
    title: 'a topic below level 3',
    input: { topics: [topic('e', 'd')] },
    path: 'topics.0.level',
    message: '"e" would have level 4 under a parent of level 3',
  },
  {
    title: 'a level above its parent',
    input: { topics: [{ ...topic('e', 'c'), level: 1 }] },
    path: 'topics.0.level',
    message: 'level 1 under a parent of level 2',
  },
  {
    title: "a move that leaves a child at its parent's level",
    input: { topics: [{ ...topic('c', 'b'), level: 3 }] },
    path: 'topics.0.level',
    message: '"d" would have level 3 under a parent of level 3',
  },
  {
    title: 'a question of an unknown topic',
    input: { questions: [{ ...question, topicId: id('gone') }] },
    path: 'questions.0.topicId',
    message: `unknown topic ${id('gone')}`,
  },
  {
    title: 'a material of an unknown topic',
    input: { materials: [{ id: id('m'), topicId: id('gone'), kind: 'reading' }] },
    path: 'materials.0.topicId',
    message: 'unknown topic',
  },
  {
    title: 'a relationship with an unknown topic',
    input: { relationships: [prerequisite('a', 'gone')] },
    path: 'relationships.0.targetTopicId',
    message: 'unknown topic',
  },
  {
    title: 'a key that is not among the options',
    input: { questions: [{ ...question, options: ['B', 'C'] }] },
    path: 'questions.0.correctAnswer',
    message: 'not among the options',
  },
  {
    title: 'text that PostgreSQL cannot store',
    input: { topics: [{ ...topic('e'), name: 'a\u0000b' }] },
    path: 'topics.0.name',
    message: 'NUL',
  },
  {
    title: 'a weight that is not a number',
    input: { topics: [{ ...topic('e'), boardExamWeight: Number.NaN }] },
    path: 'topics.0.boardExamWeight',
    message: 'NaN',
  },
  {
    title: 'a key it does not know',
    input: { topics: [{ ...topic('e'), author: 'x' }] },
    path: 'topics.0',
    message: 'author',
  },
  { title: 'a list it does not know', input: { exams: [] }, path: '', message: 'exams' },
  { title: 'something that is no object', input: null, path: '', message: 'expected object' },
];

describe('an import of a curriculum is refused and stores nothing for', () => {
  const app = useCurriculumApp();
  before(() => importCurriculum(app(), stored));

  for (const { title, input, path, message } of refusals) {
    it(title, async () => {
      // good rows beside the bad one must not be stored either
      const good = { materials: [{ id: id('good'), topicId: id('a'), kind: 'reading' }] };
      const mixed: unknown = input === null ? null : { ...good, ...(input as object) }; // as: every other case is an object
      // as: what a caller without types could send
      const error: unknown = await importCurriculum(app(), mixed as CurriculumInput).catch((thrown: unknown) => thrown);
      expect(error).to.be.an.instanceOf(DomainError);
      expect(error).to.include({ code: 'invalid', path });
      const text = error instanceof Error ? error.message : '';
      if (typeof message === 'string') expect(text).to.include(message);
      else expect(text).to.match(message);
      expect((await app().curriculum.refresh()).version).to.equal(1);
      expect((await listTopics(app())).map(({ slug, materialsCount }) => `${slug}${materialsCount}`)).to.deep.equal([
        'a0',
        'b0',
        'c0',
        'd0',
      ]);
    });
  }
});
