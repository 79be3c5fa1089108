/** What a run of the Windows workflow comes to: never green by silence. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { countsOf, liveFiles, verdictOf } from '../../../tools/live-verdict.mjs';

type Run = Parameters<typeof verdictOf>[0];
type Results = Readonly<Record<string, string>>;

const fine: Results = { probe: 'success', test: 'success', live: 'success', client: 'success', nightly: 'skipped' };
const counts = { passed: 60, failed: 0, skipped: 0 };

function run(results: Results = {}, more: Partial<Run> & { readonly hyperv?: string } = {}) {
  const { hyperv = 'ok', ...rest } = more;
  const outputs = { hyperv, expose: 'ok', reason: hyperv === 'ok' ? '' : 'vmms: Stopped' };
  const needs = Object.fromEntries(
    Object.entries({ ...fine, ...results }).map(([name, result]) => [
      name,
      { result, ...(name === 'probe' ? { outputs } : {}) },
    ]),
  );
  return verdictOf({ needs, files: liveFiles, counts, isMain: true, ...rest });
}

describe('a run', () => {
  it('is green when all of it ran and passed', () => {
    expect(run()).toMatchObject({ ok: true, faults: [], warnings: [] });
    expect(run({ nightly: 'success' })).toMatchObject({ ok: true, faults: [] });
  });

  const outcomes = ['failure', 'cancelled', 'skipped', 'timed_out', 'something new'];
  const jobs = ['probe', 'test', 'nightly', 'live'];
  it.each(jobs.flatMap((job) => outcomes.map((outcome) => ({ job, outcome }))))(
    'is red when $job is $outcome',
    ({ job, outcome }) => {
      if (job === 'nightly' && outcome === 'skipped') return expect(run({ [job]: outcome }).ok).toBe(true);
      const { ok, faults } = run({ [job]: outcome });
      expect(ok).toBe(false);
      expect(faults.join('\n')).toMatch(
        job === 'live' && outcome === 'skipped' ? /LIVE NOT EXECUTED/ : new RegExp(`${job}: ${outcome}`),
      );
    },
  );

  it.each(outcomes)('warns, and no more, when the client is %s', (outcome) => {
    expect(run({ client: outcome })).toMatchObject({ ok: true, faults: [], warnings: [`client: ${outcome}`] });
  });
});

describe('without a live run', () => {
  const skipped = (hyperv: string, isMain: boolean) =>
    run({ live: 'skipped' }, { hyperv, isMain, files: [], counts: undefined });
  const said = (hyperv: string) => `LIVE NOT EXECUTED: Hyper-V is ${hyperv}, vmms: Stopped`;

  it.each(['absent', 'broken'])('main is red and says why: %s', (hyperv) => {
    expect(skipped(hyperv, true)).toMatchObject({ ok: false, faults: [said(hyperv)] });
  });
  it('a pull request only warns where the runner has no Hyper-V', () => {
    expect(skipped('absent', false)).toMatchObject({ ok: true, faults: [], warnings: [said('absent')] });
  });
  it('a pull request is red where it is broken, or nothing was found out', () => {
    expect(skipped('broken', false)).toMatchObject({ ok: false, faults: [said('broken')] });
    expect(verdictOf({ needs: {}, files: [], counts: undefined, isMain: false })).toMatchObject({
      ok: false,
      faults: ['LIVE NOT EXECUTED: Hyper-V is unknown'],
    });
  });
  it('main is red where Hyper-V is there and the job was skipped all the same', () => {
    expect(run({ live: 'skipped' }).ok).toBe(false);
  });
});

describe('a live run', () => {
  it.each(liveFiles)('that left no %s is red', (missing) => {
    expect(run({}, { files: liveFiles.filter((name) => name !== missing) })).toMatchObject({ ok: false, faults: [`live left no ${missing}`] }); // prettier-ignore
  });
  it.each([
    [undefined, 'live ran no test'],
    [{ passed: 0, failed: 0, skipped: 60 }, 'live ran no test'],
    [{ passed: 59, failed: 1, skipped: 0 }, 'live: 1 failed'],
    [{ passed: 59, failed: 0, skipped: 1 }, 'live: 1 skipped, and none may be'],
  ] as const)('with %o is red: %s', (given, fault) => {
    const { ok, faults } = run({}, { counts: given });
    expect([ok, faults.includes(fault)]).toEqual([false, true]);
  });
});

test('the summary names every job, what was found of Hyper-V, and how many tests ran', () => {
  const { lines } = run();
  for (const name of Object.keys(fine)) expect(lines.join('\n')).toContain(`| ${name} |`);
  expect(lines).toContain('| Live tests | 60 passed, 0 failed, 0 skipped |');
});

test('counts are those of the runner, and none where there is no result', () => {
  const result = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, numFailedTestSuites: 0 };
  expect(countsOf(JSON.stringify(result))).toEqual({ passed: 3, failed: 0, skipped: 2 });
  expect(countsOf(JSON.stringify({ ...result, numFailedTestSuites: 1 }))).toEqual({ passed: 3, failed: 1, skipped: 2 });
  for (const text of ['', '{', '{}', 'null']) expect(countsOf(text)).toBeUndefined();
});

test.each([
  ['what the artifact holds', liveFiles, 'refs/heads/main', 0],
  ['an artifact that lacks a file', ['live.json'], 'refs/heads/main', 1],
  ['no artifact at all', [], 'refs/pull/1/merge', 1],
])('as the workflow runs it, over %s, it ends and says so in the summary', (_, files, ref, code) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-verdict-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const result = { numPassedTests: 60, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numFailedTestSuites: 0 };
  for (const name of files) fs.writeFileSync(path.join(folder, name), JSON.stringify(result));
  const summary = path.join(folder, 'summary.md');
  const needs = Object.fromEntries(Object.entries(fine).map(([name, one]) => [name, { result: one, outputs: {} }]));
  const { status, stdout } = spawnSync(process.execPath, ['tools/live-verdict.mjs', folder], {
    encoding: 'utf8',
    env: { ...process.env, NEEDS: JSON.stringify(needs), REF: ref, GITHUB_STEP_SUMMARY: summary },
  });
  expect([stdout, status]).toEqual([stdout, code]);
  expect(stdout.includes('::error::')).toBe(code !== 0);
  expect(fs.readFileSync(summary, 'utf8')).toContain('| live | success |');
});
