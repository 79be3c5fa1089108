import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../renderer/pages/activity.js';
import { reportOfAll } from '../../../renderer/pages/report.js';
import { translator } from '../../../src/text/index.js';
import { eventsOf, planOf, restartChain, runOf } from './fixtures.js';

const t = translator('en', { timeZone: 'UTC' });
const runs = ['r1', 'r2', 'r3'].map((id) => ({
  ...runOf(planOf([restartChain()]), eventsOf({ kind: 'started' }, { kind: 'ended', outcome: 'done' })),
  id,
}));
const views = runs.map((run) => viewOf(run, new Set()));

describe('a report of all runs', () => {
  it('holds every run, the names as they were', () => {
    expect(reportOfAll(t, views, runs).match(/Lab DC 01$/gm)).toHaveLength(6);
  });

  it('says of a part of a change of several PCs that it is one', () => {
    const part = runs.slice(0, 1).map((run) => viewOf({ ...run, span: { id: 'w', part: 1, parts: 3 } }, new Set()));
    expect(reportOfAll(t, part, runs)).toContain(t('activity.partOf', { count: 3 }));
  });

  it('that is too long for the clipboard leaves out whole runs, and says how many', () => {
    const one = reportOfAll(t, views.slice(0, 1), runs);
    const cut = reportOfAll(t, views, runs, one.length + 10);
    expect(cut).toBe(`${one}\n\n${t('activity.reportCut', { count: 2 })}`);
  });
});
