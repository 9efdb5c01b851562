import { expect } from 'chai';
import { materialProgressOutput } from '@studyin/api/schemas/dashboard';
import { getMaterialProgress } from '../../../src/services/get-material-progress.ts';
import {
  expectAnswer,
  id,
  insertRows,
  learnerId,
  refusalOf,
  strangerId,
  topicRow,
  useDashboardApp,
} from './fixture.ts';

describe('getMaterialProgress', () => {
  const app = useDashboardApp();
  const query = { userId: learnerId, limit: 50 };

  before(async () => {
    const { database } = app();
    const reading = (material: string, session: string, startedAt: string, over: object = {}) => ({
      user_id: learnerId,
      session_id: id(session),
      material_id: id(material),
      chunk_id: null,
      topic_id: null,
      started_at: startedAt,
      ended_at: startedAt,
      duration_seconds: 0,
      scroll_depth_percent: 0,
      is_complete: false,
      completed_at: null,
      open_count: 0,
      highlights_count: 0,
      notes_count: 0,
      bookmarked: false,
      ...over,
    });
    const completed = (at: string) => ({ is_complete: true, completed_at: at });
    await insertRows(database, 'topics', [topicRow('heart')]);
    await insertRows(database, 'materials', [
      { id: id('book'), topic_id: id('heart'), kind: 'pdf', chunk_count: 4, estimated_minutes: 20 },
      { id: id('film'), topic_id: id('heart'), kind: 'video', chunk_count: 0, estimated_minutes: null },
    ]);
    await insertRows(database, 'material_interactions', [
      reading('book', 'monday', '2026-03-16T08:00:00Z', {
        ended_at: '2026-03-16T08:10:00Z',
        duration_seconds: 90.5,
        scroll_depth_percent: 20,
        open_count: 1,
        highlights_count: 1,
      }),
      reading('book', 'tuesday', '2026-03-17T08:00:00Z', {
        duration_seconds: 29.5,
        scroll_depth_percent: 10,
        open_count: 2,
        highlights_count: 2,
        notes_count: 1,
        bookmarked: true,
      }),
      // chunk 1 read in two sessions and completed once, chunk 2 only begun
      reading('book', 'monday', '2026-03-16T08:02:00Z', {
        chunk_id: id('chunk 1'),
        duration_seconds: 60,
        scroll_depth_percent: 95,
        ...completed('2026-03-16T08:03:00Z'),
      }),
      reading('book', 'tuesday', '2026-03-17T08:05:00Z', {
        chunk_id: id('chunk 1'),
        ended_at: '2026-03-17T08:06:00.250Z',
        duration_seconds: 60,
      }),
      reading('book', 'tuesday', '2026-03-17T08:05:30Z', { chunk_id: id('chunk 2'), scroll_depth_percent: 50 }),
      reading('film', 'tuesday', '2026-03-17T07:00:00Z', {
        scroll_depth_percent: 92,
        ...completed('2026-03-17T07:00:00Z'),
      }),
      reading('film', 'monday', '2026-03-16T07:00:00Z', { ...completed('2026-03-16T07:30:00Z'), topic_id: id('lung') }),
      // not in the curriculum
      reading('leaflet', 'monday', '2026-03-15T07:00:00Z', { topic_id: id('lung'), scroll_depth_percent: 40 }),
      reading('film', 'monday', '2026-03-18T07:00:00Z', { user_id: id('another learner') }),
    ]);
  });

  const named = new Map(['book', 'film', 'leaflet'].map((name) => [id(name), name]));
  const names = async (over: object): Promise<readonly (string | undefined)[]> =>
    (await getMaterialProgress(app(), { ...query, ...over })).materials.map(({ materialId }) => named.get(materialId));

  it('adds up what was read of a material and of its chunks over all sessions', async () => {
    const answer = await getMaterialProgress(app(), query);
    expectAnswer(materialProgressOutput, answer);
    expect(answer.asOf).to.equal('2026-03-17T08:06:00.250Z');
    expect(answer.materials[0]).to.deep.equal({
      materialId: id('book'),
      topicId: id('heart'),
      kind: 'pdf',
      estimatedMinutes: 20,
      startedAt: '2026-03-16T08:00:00.000Z',
      lastReadAt: '2026-03-17T08:06:00.250Z',
      minutes: 4,
      completion: 0.25,
      isComplete: false,
      completedAt: null,
      scrollDepthPercent: 20,
      chunksTotal: 4,
      chunksRead: 2,
      chunksCompleted: 1,
      revisits: 2,
      highlights: 3,
      notes: 1,
      isBookmarked: true,
    });
  });

  it('dates a completed material by the earliest time it was completed', async () => {
    const { materials } = await getMaterialProgress(app(), { ...query, materialId: id('film') });
    expect(materials).to.have.length(1);
    expect(materials[0]).to.include({
      isComplete: true,
      completion: 1,
      completedAt: '2026-03-16T07:30:00.000Z',
      topicId: id('heart'),
    });
  });

  it('shows a material that the curriculum does not know, by the depth it was read', async () => {
    const { materials } = await getMaterialProgress(app(), { ...query, topicId: id('lung') });
    expect(materials).to.have.length(1);
    expect(materials[0]).to.include({ materialId: id('leaflet'), kind: null, completion: 0.4, topicId: id('lung') });
  });

  it('answers last read first, whole or page by page', async () => {
    expect(await names({})).to.deep.equal(['book', 'film', 'leaflet']);
    const first = await getMaterialProgress(app(), { ...query, limit: 2 });
    expect(first.nextCursor).to.be.a('string');
    expect(await names({ limit: 2, cursor: first.nextCursor })).to.deep.equal(['leaflet']);
    expect(await refusalOf(getMaterialProgress(app(), { ...query, cursor: 'x' }))).to.equal('invalid cursor');
  });

  it('is empty for a material never opened, and knows no stranger', async () => {
    expect(await names({ materialId: id('unopened') })).to.deep.equal([]);
    expect(await refusalOf(getMaterialProgress(app(), { ...query, userId: strangerId }))).to.equal('not_found userId');
  });
});
