// The name of a test run. Every database the tests make bears it, so that a later run knows what a killed one left:
// studyin_test_<host>_<pid>_<start>_<template and month, or random>.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

export const prefix = 'studyin_test_';
const oldMs = 24 * 3_600_000;

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
}

/** Reads or makes the run's name. Mocha's parallel workers inherit it through the environment. */
export function testRun(): string {
  const start = Math.floor(performance.timeOrigin).toString(36);
  return (process.env['STUDYIN_TEST_RUN'] ??= `${prefix}${hostMark()}_${process.pid}_${start}`);
}

/** Of the run's template: one for each month (UTC), since it has the partitions around that. */
export function templateName(nowMs: number): string {
  return `${testRun()}_template${new Date(nowMs).toISOString().slice(0, 7).replace('-', '')}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * True for a database of a run that is over: its process on this host is gone, or it began more than a day ago.
 * Never true for a name that is not of this form.
 */
export function isLeftOver(database: string, nowMs: number): boolean {
  const parts = /^studyin_test_([0-9a-f]{6})_(\d+)_([0-9a-z]+)_[0-9a-z]+$/.exec(database);
  if (parts === null) return false;
  const [, host, pid, start] = parts;
  const isOld = nowMs - Number.parseInt(start ?? '', 36) > oldMs;
  return isOld || (host === hostMark() && !isAlive(Number(pid)));
}
