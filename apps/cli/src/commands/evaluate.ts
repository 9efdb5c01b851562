import { evaluateMastery } from '@studyin/domain/algorithms';
import { planEvaluation } from '../evaluate/plan-evaluation.ts';
import { renderEvaluation } from '../evaluate/render-evaluation.ts';
import { count } from '../output.ts';
import type { Output } from '../output.ts';
import { readAnswerLog } from '../replay/read-answer-log.ts';

/** Evaluates mastery on a log. Throws `invalid` in one line that names the file and the line at fault. */
export function evaluate(output: Output, file: string): void {
  const reading = output.stage('reading');
  const { answers, isTimed, learners, questions, topics } = planEvaluation(
    readAnswerLog(file, { itemsOptional: true }),
  );
  const items = questions === null ? 'no questions named' : `${count(questions)} questions`;
  reading.done(`${count(answers.length)} answers of ${count(learners)} learners, ${items}, ${count(topics)} topics`);
  if (!isTimed) output.line('    t is an order, no time: what depends on time is left out');
  const stage = output.stage('forecasting');
  const evaluation = evaluateMastery(answers, {
    onProgress: (done) => stage.progress(done, answers.length, 'answers'),
  });
  stage.done(`${evaluation.versions.filter(({ isBetter }) => isBetter).length} versions learned on the way`);
  for (const line of renderEvaluation(evaluation)) output.line(line);
  const { attempts, auc, logLoss, ece, reliability, versions } = evaluation;
  output.result({ attempts, auc, logLoss, ece, reliability, versions });
}
