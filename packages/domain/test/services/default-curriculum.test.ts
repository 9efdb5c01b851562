import { expect } from 'chai';
import { defaultCurriculum, importDefaultCurriculum, listTopics } from '@studyin/domain/services';
import { useCurriculumApp } from './curriculum-test-app.ts';

// Published ranges of the USMLE Step 1 content outline: midpoints 14 (heaviest), 13, 12, 11, 10, 10, 9, 8, 7.5, 5, 2.
const SYSTEM_WEIGHTS = [14, 13, 12, 11, 10, 10, 9, 8, 7.5, 5, 2].map((midpoint) => midpoint / 1.4);

describe('the default curriculum', () => {
  const app = useCurriculumApp();

  it('is imported once: a second time changes nothing', async () => {
    const first = await importDefaultCurriculum(app());
    expect(first.version).to.equal(1);
    expect(await importDefaultCurriculum(app())).to.deep.equal({
      version: 1,
      topics: 0,
      relationships: 0,
      questions: 0,
      materials: 0,
    });
  });

  it('has one exam and eleven systems, weighted by their share so that the heaviest has 10', async () => {
    const topics = await listTopics(app());
    expect(topics.filter(({ level }) => level === 0).map(({ name }) => name)).to.deep.equal(['USMLE Step 1']);
    const weights = topics.filter(({ level }) => level === 1).map(({ effectiveExamWeight }) => effectiveExamWeight);
    expect(weights.sort((a, b) => b - a).map((weight) => weight.toFixed(9))).to.deep.equal(
      SYSTEM_WEIGHTS.map((weight) => weight.toFixed(9)),
    );
    expect(weights[0]).to.equal(10);
  });

  it('gives each system four to eight subjects, each with six questions and two materials', async () => {
    const topics = await listTopics(app());
    for (const system of topics.filter(({ level }) => level === 1)) {
      const subjects = topics.filter(({ parentId }) => parentId === system.id);
      expect(subjects.length, system.name).to.be.within(4, 8);
      for (const subject of subjects) {
        expect(subject, subject.name).to.deep.include({
          level: 2,
          questionsCount: 6,
          materialsCount: 2,
          boardExamWeight: null,
          effectiveExamWeight: system.effectiveExamWeight,
        });
      }
    }
    expect(topics.find(({ slug }) => slug === 'cardiac-physiology')?.blocksCount).to.be.greaterThan(6);
  });

  it('is the same at every call, and its keys spread over the options', () => {
    expect(defaultCurriculum()).to.deep.equal(defaultCurriculum());
    const keys = (defaultCurriculum().questions ?? []).map(({ correctAnswer }) => correctAnswer);
    for (const key of ['A', 'B', 'C', 'D', 'E']) {
      expect(keys.filter((other) => other === key).length / keys.length, key).to.be.within(0.1, 0.3);
    }
  });
});
