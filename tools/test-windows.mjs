// npm run test:windows: what touches the platform, on a Windows Node and the PowerShell engine for Windows, over the pipes of Windows: under
// Wine, made here from nothing. Where that cannot be, one sentence says why, and it counts as one that is skipped.
// npm run test:windows -- FILTER…: only the files of tests whose path has one of these in it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { prepare, root } from './setup.mjs';

prepare();
const { cache, endWine, ensureNode, ensurePrefix, missingWine, runNode, windowsPath } =
  await import('./test-windows/wine.mjs');
const { copySources, ensureEngine, ensurePackages, tree } = await import('./test-windows/tree.mjs');
const { judged, withoutHanging } = await import('./test-windows/gaps.mjs');

const filters = process.argv.slice(2);
// Of tests/powershell what is of shells, pipes and processes; not what reads texts, or goes into simulated guests. What the account's own
// modules do, tests/windows shows.
const sessions = (...names) => names.map((name) => `tests/powershell/${name}.test`);
/** Starts many programs, which takes Wine long, to judge what they say: the same everywhere. How they are started, the file beside it shows. */
const judging = 'tests/unit/powershell/host-test.test.ts';
/** Of these folders the files that ask the system for something: files, pipes, processes. */
const touching = (...folders) =>
  folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((file) => file.endsWith('.test.ts') && file !== judging)
      .filter((file) =>
        /'node:(fs|net|os|child_process)(\/promises)?'/.test(fs.readFileSync(path.join(root, file), 'utf8')),
      ),
  );
// In the order in which two of them at a time take the least.
const whole = [
  {
    id: 'unit',
    projects: ['unit', 'simulator'],
    files: touching('tests/unit/shell', 'tests/unit/powershell', 'tests/simulator'),
  },
  { id: 'sessions', projects: ['powershell'], files: sessions('session', 'broken', 'elevation') },
  { id: 'windows', projects: ['windows'], files: ['tests/windows/'] },
  { id: 'equality', projects: ['powershell'], files: sessions('equality', 'handshake', 'squat') },
];
const asked = { id: 'asked', projects: ['unit', 'simulator', 'powershell', 'windows'], files: filters };
const parts = filters.length > 0 ? [asked] : whole;
// By itself, since it looks for what is left on the whole PC; its tests start Wine themselves.
const installer = {
  id: 'installer',
  projects: ['installer'],
  files: filters.length > 0 ? filters : ['tests/installer/'],
  isHere: true,
};
const begin = Date.now();
const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(0)} s`;

function end({ passed, failed, skipped }) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
}
function leaveOut(why) {
  console.log(`The tests under Wine are skipped: ${why}.`);
  end({ passed: 0, failed: 0, skipped: 1 });
}

/** What they run on, made where it is not there yet. Answers the path of its Node. */
async function prepared() {
  const why = missingWine();
  if (why !== undefined) leaveOut(why);
  copySources();
  let node;
  try {
    node = ensureNode();
    ensurePackages();
  } catch (error) {
    if (error.message.includes('unexpected contents')) throw error;
    leaveOut(`a package cannot be had (${error.message.trim().split('\n')[0]})`);
  }
  ensurePrefix();
  const engine = await ensureEngine();
  if ('missing' in engine) leaveOut(engine.missing);
  return node;
}

function runHere(command, log) {
  const output = fs.openSync(log, 'w');
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', output, output] });
  fs.closeSync(output);
  return status === 0;
}

/** Every test of a part, and what else went wrong with it. */
async function run({ id, projects, files, isHere }, node) {
  const from = Date.now();
  console.log(`run     ${id}`);
  const [log, result] = ['log', 'json'].map((kind) => path.join(cache, 'results', `${id}.${kind}`));
  const seen = isHere ? (file) => file : windowsPath;
  const command = [
    seen(path.join(isHere ? root : tree, 'node_modules', 'vitest', 'vitest.mjs')),
    ...['run', '--passWithNoTests', '--reporter=default', '--reporter=json', withoutHanging()],
    // A process takes Wine long to start, and one of our tests needs none of its own. The other processor is another part's.
    ...['--pool=threads', '--maxWorkers=1'],
    `--outputFile.json=${seen(result)}`,
    ...projects.map((project) => `--project=${project}`),
    ...files,
  ];
  const isDone = isHere ? runHere(command, log) : await runNode(node, command, { cwd: tree, log, limit: 900_000 });
  const suites = fs.existsSync(result) ? JSON.parse(fs.readFileSync(result, 'utf8')).testResults : [];
  const tests = suites.flatMap(({ assertionResults }) => assertionResults);
  const broken = suites.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const isTold = broken.length > 0 || tests.some(({ status }) => status === 'failed');
  // One that was ended, or went wrong outside of every test.
  const problems = broken.map(({ name, message }) => `${name}: ${message}`);
  if (!isDone && !isTold) problems.push(`${id}: ended before its end\n${fs.readFileSync(log, 'utf8').slice(-3000)}`);
  console.log(`done    ${id}: ${tests.length} tests (${seconds(from)})`);
  return { tests, problems };
}

const node = await prepared();
console.log(`Windows is there (${seconds(begin)})`);
fs.rmSync(path.join(cache, 'results'), { recursive: true, force: true });
fs.mkdirSync(path.join(cache, 'results'), { recursive: true });
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    endWine();
    process.exit(130);
  });
const done = [];
const lane = async () => {
  for (let part; (part = parts.shift());) done.push(await run(part, node));
};
await Promise.all([lane(), lane()]);
done.push(await run(installer, node));
endWine();
const { counts, lines } = judged(
  done.flatMap(({ tests }) => tests),
  { isAll: filters.length === 0 },
);
const problems = done.flatMap((part) => part.problems);
for (const line of [...problems.map((problem) => `FAILED  ${problem}`), ...lines]) console.log(line);
console.log(`\nThe tests under Wine took ${seconds(begin)}.`);
end({ ...counts, failed: counts.failed + problems.length });
