// What a run of the Windows workflow comes to, from the results of its jobs and what the live suite left behind. It is never green by silence.
// node tools/live-verdict.mjs FOLDER    FOLDER: where the artifact "live" was put. Reads NEEDS (JSON) and REF; writes the job's summary.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files that a live run leaves, each of them. */
export const liveFiles = ['live.json', 'recording.json'];
const optional = new Set(['client', 'nightly']);
/** By job: whether it may end otherwise than well. */
const isFine = (name, result) =>
  result === 'success' || (optional.has(name) && (result === 'skipped' || name === 'client'));

/**
 * @typedef {{ result: string, outputs?: Record<string, string> }} Need
 * @typedef {{ passed: number, failed: number, skipped: number } | undefined} Counts
 * @param {{ needs: Record<string, Need>, files: readonly string[], counts: Counts, isMain: boolean }} run
 * @returns {{ ok: boolean, warnings: string[], faults: string[], lines: string[] }}
 */
export function verdictOf({ needs, files, counts, isMain }) {
  const faults = [];
  const warnings = [];
  const { probe, live } = needs;
  const { hyperv = 'unknown', expose = 'unknown', reason = '' } = probe?.outputs ?? {};
  for (const [name, { result }] of Object.entries(needs)) {
    if (name === 'live' && result === 'skipped') continue;
    if (!isFine(name, result)) faults.push(`${name}: ${result}`);
    else if (result !== 'success' && name === 'client') warnings.push(`client: ${result}`);
  }
  if (!live || live.result === 'skipped') {
    const why = `LIVE NOT EXECUTED: Hyper-V is ${hyperv}${reason === '' ? '' : `, ${reason}`}`;
    // On a pull request nobody can do anything about what the runner lacks; what is broken, or was not said, is a fault.
    if (isMain || hyperv !== 'absent') faults.push(why);
    else warnings.push(why);
  } else {
    for (const name of liveFiles) if (!files.includes(name)) faults.push(`live left no ${name}`);
    const known = counts ?? { passed: 0, failed: 0, skipped: 0 };
    if (known.passed + known.failed === 0) faults.push('live ran no test');
    if (known.failed > 0) faults.push(`live: ${known.failed} failed`);
    if (known.skipped > 0) faults.push(`live: ${known.skipped} skipped, and none may be`);
  }
  const lines = [
    ...Object.entries(needs).map(([name, { result }]) => `| ${name} | ${result} |`),
    `| Hyper-V | ${hyperv}${reason === '' ? '' : ` (${reason})`} |`,
    `| Extensions exposed to a VM | ${expose} |`,
    `| Live tests | ${counts ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : 'none'} |`,
  ];
  return { ok: faults.length === 0, warnings, faults, lines };
}

/** @returns {Counts} undefined: there is no result that can be read. */
export function countsOf(text) {
  try {
    const {
      numPassedTests: passed,
      numFailedTests: failed,
      numPendingTests,
      numTodoTests,
      numFailedTestSuites,
    } = JSON.parse(text);
    if (![passed, failed, numPendingTests, numTodoTests].every(Number.isInteger)) return undefined;
    // A file that could not even be loaded has no failed test.
    return {
      passed,
      failed: failed === 0 && numFailedTestSuites > 0 ? 1 : failed,
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.argv[2] ?? '.';
  const files = fs.existsSync(folder)
    ? fs.readdirSync(folder, { recursive: true }).map((file) => path.basename(String(file)))
    : [];
  const result = path.join(folder, 'live.json');
  const { ok, warnings, faults, lines } = verdictOf({
    needs: JSON.parse(process.env.NEEDS ?? '{}'),
    files,
    counts: fs.existsSync(result) ? countsOf(fs.readFileSync(result, 'utf8')) : undefined,
    isMain: process.env.REF === 'refs/heads/main',
  });
  for (const line of warnings) console.log(`::warning::${line}`);
  for (const line of faults) console.log(`::error::${line}`);
  const summary = ['| | |', '| --- | --- |', ...lines, '', ...[...faults, ...warnings].map((line) => `- ${line}`)].join(
    '\n',
  );
  console.log(summary);
  if (process.env.GITHUB_STEP_SUMMARY) fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${summary}\n`);
  process.exit(ok ? 0 : 1);
}
