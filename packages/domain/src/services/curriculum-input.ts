import { z } from 'zod';
import { DomainError } from '../errors.ts';
import { isStorableText } from '../events/index.ts';

const MAX_ROWS = 100_000;

const id = () => z.guid().toLowerCase();
const text = (max: number) =>
  z.string().min(1).max(max).refine(isStorableText, 'text must be well-formed and without NUL');
/** As an answer names it. */
const optionKey = () =>
  z
    .string()
    .regex(/^\S{1,64}$/, 'the key of an option has 1 to 64 characters and no space')
    .refine(isStorableText, 'text must be well-formed and without NUL');
/** Part of a path and of addresses: no slash, no capitals. */
const slug = () => z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'a slug has only a–z, 0–9, ".", "_" and "-"');
const list = <T extends z.ZodType>(item: T) => z.array(item).max(MAX_ROWS).default([]);

const topic = z.strictObject({
  id: id(),
  parentId: id().nullable().default(null),
  level: z
    .int()
    .min(0)
    .max(3)
    .optional()
    .describe('0 exam, 1 system, 2 subject, 3 subtopic; one below the parent where not given.'),
  slug: slug(),
  name: text(200),
  description: text(5_000).nullable().default(null),
  boardExamWeight: z.number().min(0).max(10).nullable().default(null).describe("Null: the nearest ancestor's holds."),
  difficultyLevel: z.int().min(1).max(5).nullable().default(null),
  estimatedStudyHours: z.number().min(0).max(10_000).nullable().default(null),
});

const relationship = z.strictObject({
  sourceTopicId: id(),
  targetTopicId: id(),
  relationshipType: z
    .enum(['prerequisite', 'related', 'complication', 'treatment'])
    .describe('prerequisite: the source is to be learned before the target.'),
  strength: z.number().min(0).max(1).default(1),
});

const question = z.strictObject({
  id: id(),
  topicId: id(),
  correctAnswer: optionKey(),
  options: z.array(optionKey()).max(26).default([]),
  difficulty: z.number().min(0).max(1).nullable().default(null),
  version: z.int32().min(1).optional().describe('Where not given: 1, raised when the key or the options change.'),
});

const material = z.strictObject({
  id: id(),
  topicId: id(),
  kind: text(64),
  chunkCount: z.int32().min(0).default(0),
  estimatedMinutes: z.number().min(0).max(100_000).nullable().default(null),
});

/** What `importCurriculum` takes: rows to insert or to replace; what is not given stays as it is. */
export const curriculumInput = z.strictObject({
  topics: list(topic),
  relationships: list(relationship),
  questions: list(question),
  materials: list(material),
});

export type CurriculumInput = z.input<typeof curriculumInput>;
export type GivenCurriculum = z.output<typeof curriculumInput>;

/** The first issue as `invalid`, with its path. */
export function invalidInput(path: string, message: string): DomainError {
  return new DomainError('invalid', `${path}: ${message}`, { path });
}

/** Checks what can be checked without the database. Throws `invalid` with the path of the first fault. */
export function parseCurriculumInput(input: unknown): GivenCurriculum {
  const parsed = curriculumInput.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidInput(issue?.path.map(String).join('.') ?? '', issue?.message ?? 'invalid');
  }
  refuseTwins(parsed.data);
  refuseMisfits(parsed.data);
  return parsed.data;
}

function refuseTwins({ topics, relationships, questions, materials }: GivenCurriculum): void {
  const idOf = ({ id: own }: { readonly id: string }): string => own;
  refuseTwice('topics', 'id', topics.map(idOf));
  refuseTwice(
    'topics',
    'slug',
    topics.map((row) => row.slug),
  );
  refuseTwice('questions', 'id', questions.map(idOf));
  refuseTwice('materials', 'id', materials.map(idOf));
  const links = relationships.map((row) => `${row.sourceTopicId} ${row.relationshipType} ${row.targetTopicId}`);
  refuseTwice('relationships', 'targetTopicId', links);
}

function refuseMisfits({ relationships, questions }: GivenCurriculum): void {
  relationships.forEach(({ sourceTopicId, targetTopicId }, index) => {
    if (sourceTopicId !== targetTopicId) return;
    throw invalidInput(`relationships.${index}.targetTopicId`, `topic ${targetTopicId} relates to itself`);
  });
  questions.forEach(({ correctAnswer, options }, index) => {
    if (options.length === 0 || options.includes(correctAnswer)) return;
    throw invalidInput(`questions.${index}.correctAnswer`, `"${correctAnswer}" is not among the options`);
  });
}

function refuseTwice(list: string, key: string, values: readonly string[]): void {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    if (seen.has(value)) throw invalidInput(`${list}.${index}.${key}`, `duplicate ${key} "${value}"`);
    seen.add(value);
  });
}
