// What is done with one topic in a session: reading, a set of questions, now and then the coach.
import { deterministicUuid } from '@studyin/domain/events';
import type { ExampleLearner } from './example-learner.ts';
import type { Memory } from './memory.ts';
import type { Random } from './random.ts';
import type { SessionWriter } from './session-writer.ts';
import type { StudyMaterial, StudyQuestion, StudyTopic } from './study-topics.ts';

export type Studying = {
  readonly learner: ExampleLearner;
  readonly memory: Memory;
  readonly random: Random;
  /** Material → chunks read to their end. */
  readonly chunksRead: Map<string, number>;
  /** Experience points so far. */
  readonly xp: { total: number };
};

const BEAT_SECONDS = 30;
const GAIN_OF_ANSWER = 0.35;
const GAIN_OF_READING = 0.3;
const LEVEL_XP = 500;

export function studyTopic(studying: Studying, session: SessionWriter, topic: StudyTopic): void {
  const { learner, random } = studying;
  if (random.chance(0.15)) session.add({ eventType: 'topic_explored', topicId: topic.id, properties: {} });
  session.wait(random.int(2, 15));
  if (topic.materials.length > 0 && random.chance(learner.habits.reading)) read(studying, session, topic);
  if (random.chance(learner.habits.coach)) askCoach(studying, session, topic);
  answerQuestions(studying, session, topic);
}

function read(studying: Studying, session: SessionWriter, topic: StudyTopic): void {
  const { memory, random, chunksRead } = studying;
  const material = random.pick(topic.materials);
  const place = { materialId: material.id, topicId: topic.id };
  const chunks = Math.max(1, material.chunkCount);
  session.add({ eventType: 'material_open', ...place, properties: { materialType: material.kind } });
  const chunk = Math.min(chunksRead.get(material.id) ?? 0, chunks - 1);
  readChunk(studying, session, { material, topicId: topic.id, chunk });
  chunksRead.set(material.id, chunk + 1);
  memory.practise(topic.id, GAIN_OF_READING, session.nowMs());
  if (random.chance(0.06)) session.add({ eventType: 'material_bookmark', ...place, properties: {} });
  if (random.chance(0.08)) {
    session.add({ eventType: 'material_highlight', ...place, properties: { highlightLength: random.int(20, 300) } });
  }
  if (random.chance(0.05)) {
    session.add({ eventType: 'material_note', ...place, properties: { noteLength: random.int(10, 500) } });
  }
  session.wait(random.int(1, 10));
  if (chunk + 1 === chunks) session.add({ eventType: 'material_complete', ...place, properties: {} });
}

type Chunk = { readonly material: StudyMaterial; readonly topicId: string; readonly chunk: number };

function readChunk({ random }: Studying, session: SessionWriter, { material, topicId, chunk }: Chunk): void {
  const chunkId = deterministicUuid('studyin:example-chunk', `${material.id}/${chunk}`);
  const beats = random.int(3, 8);
  for (let beat = 1; beat <= beats; beat += 1) {
    // The last beat is sent when the material is left.
    const durationSeconds = beat === beats ? random.int(5, BEAT_SECONDS) : BEAT_SECONDS;
    const scrollDepthPercent = Math.round((100 * beat) / beats);
    session.wait(durationSeconds);
    session.add({
      eventType: 'material_read',
      materialId: material.id,
      chunkId,
      topicId,
      properties: { durationSeconds, scrollDepthPercent },
    });
  }
}

function askCoach({ random }: Studying, session: SessionWriter, { id: topicId }: StudyTopic): void {
  const conversationId = deterministicUuid('studyin:example-conversation', `${topicId}/${session.nowMs()}`);
  const questionLength = random.int(15, 240);
  session.add({ eventType: 'ai_question_asked', topicId, properties: { conversationId, questionLength } });
  const responseTimeMs = random.int(600, 6_000);
  session.wait(responseTimeMs / 1000);
  const responseLength = random.int(200, 2_000);
  session.add({
    eventType: 'ai_response_received',
    topicId,
    properties: { conversationId, responseLength, responseTimeMs },
  });
  session.wait(random.int(10, 90));
  if (!random.chance(0.4)) return;
  const eventType = random.chance(0.75) ? 'ai_feedback_positive' : 'ai_feedback_negative';
  session.add({ eventType, topicId, properties: { conversationId } });
}

function answerQuestions(studying: Studying, session: SessionWriter, topic: StudyTopic): void {
  const { learner, random } = studying;
  const questions = random.int(2, learner.habits.questions);
  const startedMs = session.nowMs();
  session.add({ eventType: 'quiz_start', topicId: topic.id, properties: { questionCount: questions } });
  let correct = 0;
  for (let n = 0; n < questions; n += 1) if (answer(studying, session, topic)) correct += 1;
  session.wait(random.int(1, 5));
  session.add({
    eventType: 'quiz_complete',
    topicId: topic.id,
    properties: {
      questionsAttempted: questions,
      questionsCorrect: correct,
      durationSeconds: Math.round((session.nowMs() - startedMs) / 1000),
    },
  });
  earnXp(studying, session, { topicId: topic.id, amount: 5 * questions + 5 * correct });
}

function answer({ learner, memory, random }: Studying, session: SessionWriter, topic: StudyTopic): boolean {
  const question = random.pick(topic.questions);
  const ids = { questionId: question.id, topicId: topic.id };
  session.wait(random.int(1, 6));
  if (random.chance(0.25)) session.add({ eventType: 'question_view', ...ids, properties: {} });
  const hintUsed = random.chance(0.06);
  if (hintUsed) session.add({ eventType: 'ai_hint_requested', ...ids, properties: { hintLevel: random.int(1, 3) } });
  const chance = memory.chanceOfRight(topic.id, question.difficulty, session.nowMs());
  const isRight = random.chance(hintUsed ? (1 + chance) / 2 : chance);
  // Who is sure is quicker.
  const timeToAnswerSeconds = Math.round(10 * (20 + 110 * (1 - chance) * random.next() + 60 * random.next())) / 10;
  session.wait(timeToAnswerSeconds);
  const confidenceLevel = Math.max(1, Math.min(5, Math.round(random.normal(1 + 4 * chance, 0.8))));
  session.add({
    eventType: 'question_attempt',
    ...ids,
    properties: {
      selectedAnswer: isRight ? question.correctAnswer : wrongOption(question, random),
      timeToAnswerSeconds,
      ...(random.chance(0.6) ? { confidenceLevel } : {}),
      ...(hintUsed ? { hintUsed } : {}),
    },
  });
  memory.practise(topic.id, GAIN_OF_ANSWER, session.nowMs());
  if (!isRight && random.chance(0.3 + 0.3 * learner.habits.reading)) review(random, session, ids);
  return isRight;
}

function review(
  random: Random,
  session: SessionWriter,
  ids: { readonly questionId: string; readonly topicId: string },
): void {
  const durationSeconds = random.int(20, 150);
  session.wait(durationSeconds);
  session.add({ eventType: 'question_review', ...ids, properties: { durationSeconds } });
}

function wrongOption({ correctAnswer, options }: StudyQuestion, random: Random): string {
  const wrong = options.filter((option) => option !== correctAnswer);
  return wrong.length === 0 ? '-' : random.pick(wrong);
}

function earnXp(
  { xp }: Studying,
  session: SessionWriter,
  { topicId, amount }: { readonly topicId: string; readonly amount: number },
): void {
  const levelBefore = Math.floor(xp.total / LEVEL_XP);
  xp.total += amount;
  session.wait(1);
  session.add({ eventType: 'xp_earned', topicId, properties: { amount, source: 'quiz' } });
  const level = Math.floor(xp.total / LEVEL_XP);
  if (level === levelBefore) return;
  session.add({ eventType: 'level_up', properties: { level: level + 1 } });
  session.add({ eventType: 'achievement_unlocked', properties: { achievementId: `level-${level + 1}` } });
}
