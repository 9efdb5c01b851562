// An evaluation in a terminal. Pure.
import type { Evaluation, Forecasts } from '@studyin/domain/algorithms';
import { count } from '../output.ts';

const forecasts: readonly (readonly [keyof Forecasts<unknown>, string])[] = [
  ['masteryV1', 'mastery-v1'],
  ['masteryV2', 'mastery-v2'],
  ['nextQuestion', 'next question'],
];

export function renderEvaluation({ auc, logLoss, ece, reliability }: Evaluation): readonly string[] {
  return [
    '',
    `  ${'forecast'.padEnd(16)}${['AUC', 'log-loss', 'ECE'].map((name) => name.padStart(10)).join('')}`,
    ...forecasts.map(([key, name]) => {
      const figures = [auc[key], logLoss[key], ece[key]].map((value) => show(value).padStart(10));
      return `  ${name.padEnd(16)}${figures.join('')}`;
    }),
    ...forecasts.slice(1).flatMap(([key, name]) => renderReliability(name, reliability[key])),
    '',
  ];
}

function renderReliability(name: string, bins: Evaluation['reliability']['masteryV2']): readonly string[] {
  return [
    '',
    `  ${name}: what was forecast, and what came of it`,
    `  ${'forecast'.padEnd(16)}${['answers', 'mean', 'right'].map((head) => head.padStart(10)).join('')}`,
    ...bins
      .filter(({ predictions }) => predictions > 0)
      .map(({ from, to, predictions, meanForecast, shareRight }) => {
        const range = `${Math.round(from * 100)} to ${Math.round(to * 100)}%`;
        const figures = [count(predictions), percent(meanForecast), percent(shareRight)];
        return `  ${range.padEnd(16)}${figures.map((text) => text.padStart(10)).join('')}`;
      }),
  ];
}

function show(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3);
}

function percent(value: number | null): string {
  return value === null ? '' : `${(value * 100).toFixed(1)}%`;
}
