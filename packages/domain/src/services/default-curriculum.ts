import type { App } from '../app.ts';
import { exam, prerequisites, relations, systems } from '../curriculum-data/usmle-step-1.ts';
import type { SubjectSource, SystemSource } from '../curriculum-data/usmle-step-1.ts';
import { deterministicUuid } from '../events/index.ts';
import type { CurriculumInput } from './curriculum-input.ts';
import { importCurriculum } from './import-curriculum.ts';
import type { CurriculumImport } from './import-curriculum.ts';

const QUESTIONS_A_SUBJECT = 6;
const OPTIONS = ['A', 'B', 'C', 'D', 'E'] as const;
const HEAVIEST = 10;

const topicId = (slug: string): string => deterministicUuid('studyin:topic', slug);

/** Imports the default curriculum. Idempotent, and leaves other topics alone; see `importCurriculum`. */
export function importDefaultCurriculum(app: Pick<App, 'database' | 'jobs' | 'curriculum'>): Promise<CurriculumImport> {
  return importCurriculum(app, defaultCurriculum());
}

/** USMLE Step 1: exam, systems weighted by their published share of items, subjects with questions and materials. Always the same. */
export function defaultCurriculum(): CurriculumInput {
  const subjects = systems.flatMap((system) => system.subjects);
  return {
    topics: [
      { id: topicId(exam.slug), slug: exam.slug, name: exam.name, level: 0 },
      ...systems.map((system) => systemTopic(system)),
      ...systems.flatMap((system) => system.subjects.map((subject) => subjectTopic(subject, system))),
    ],
    relationships: [
      ...prerequisites.map(([before, after]) => ({
        sourceTopicId: topicId(before),
        targetTopicId: topicId(after),
        relationshipType: 'prerequisite' as const,
      })),
      ...relations.map(({ source, target, type, strength }) => ({
        sourceTopicId: topicId(source),
        targetTopicId: topicId(target),
        relationshipType: type,
        strength,
      })),
    ],
    questions: subjects.flatMap(({ slug }) => questionsOf(slug)),
    materials: subjects.flatMap((subject) => materialsOf(subject)),
  };
}

function midpoint({ rangePercent: [low, high] }: SystemSource): number {
  return (low + high) / 2;
}

function systemTopic(system: SystemSource) {
  const heaviest = Math.max(...systems.map(midpoint));
  const boardExamWeight = (midpoint(system) / heaviest) * HEAVIEST;
  return {
    id: topicId(system.slug),
    parentId: topicId(exam.slug),
    slug: system.slug,
    name: system.name,
    level: 1,
    boardExamWeight,
  };
}

function subjectTopic({ slug, name, difficulty, studyHours }: SubjectSource, system: SystemSource) {
  return {
    id: topicId(slug),
    parentId: topicId(system.slug),
    slug,
    name,
    level: 2,
    difficultyLevel: difficulty,
    estimatedStudyHours: studyHours,
  };
}

/** Key and difficulty come from the question's id: as good as random, and always the same. */
function questionsOf(slug: string) {
  return Array.from({ length: QUESTIONS_A_SUBJECT }, (_, index) => {
    const id = deterministicUuid('studyin:question', `${slug}/${index + 1}`);
    const correctAnswer = OPTIONS[parseInt(id.slice(0, 8), 16) % OPTIONS.length] ?? 'A';
    const difficulty = 0.2 + (parseInt(id.slice(24), 16) % 61) / 100;
    return { id, topicId: topicId(slug), correctAnswer, options: [...OPTIONS], difficulty };
  });
}

/** A chunk is what is read in one go: about five minutes of reading, ten of video. */
function materialsOf({ slug, studyHours }: SubjectSource) {
  const material = (kind: string, chunkCount: number, estimatedMinutes: number) => ({
    id: deterministicUuid('studyin:material', `${slug}/${kind}`),
    topicId: topicId(slug),
    kind,
    chunkCount,
    estimatedMinutes,
  });
  return [
    material('reading', studyHours, studyHours * 5),
    material('video', Math.ceil(studyHours / 3), Math.ceil(studyHours / 3) * 10),
  ];
}
