// Real answer logs and golden numbers live beside the repository, not in it: their licences do not allow a copy.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '@studyin/domain/algorithms';

const folder = process.env['STUDYIN_SHARED'] ?? join(import.meta.dirname, '../../../../../shared');

/** The title of a suite that needs the files, saying so where it is skipped, and whether they are all there. */
export function needsReferenceData(title: string, ...files: readonly string[]): { title: string; isMissing: boolean } {
  const isMissing = files.some((file) => !existsSync(join(folder, file)));
  return { title: isMissing ? `${title} (SKIPPED: ${files.join(', ')} not found in ${folder})` : title, isMissing };
}

export function readReference(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** The answers of `data/stats_cloze.csv` by learner, each learner's in canonical order. */
export function readStatsCloze(): ReadonlyMap<string, readonly Answer[]> {
  const byLearner = new Map<string, Answer[]>();
  const rows = readReference('data/stats_cloze.csv').trim().split('\n').slice(1);
  for (const [index, row] of rows.entries()) {
    const [user = '', item = '', skill = '', correct, seconds, responseMs] = row.split(',');
    const atMs = Number(seconds) * 1000;
    const answer: Answer = {
      id: String(index).padStart(8, '0'),
      atMs,
      studyDay: new Date(atMs).toISOString().slice(0, 10),
      questionId: item,
      topicId: skill,
      isCorrect: correct === '1',
      timeToAnswerSeconds: Number(responseMs) / 1000,
    };
    byLearner.set(user, [...(byLearner.get(user) ?? []), answer]);
  }
  for (const answers of byLearner.values()) answers.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  return byLearner;
}
