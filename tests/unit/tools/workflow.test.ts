/** .github/workflows, which nothing here can run: what of them can be told by reading them. */
import fs from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { signingVariables } from '../../../tools/release/text.mjs';

const step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  shell: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  'continue-on-error': z.boolean().optional(),
});
const job = z.strictObject({
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  if: z.string().optional(),
  'runs-on': z.string(),
  'timeout-minutes': z.number().max(90),
  permissions: z.record(z.string(), z.string()).optional(),
  'continue-on-error': z.boolean().optional(),
  outputs: z.record(z.string(), z.string()).optional(),
  steps: z.array(step).min(1),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string() }).loose(),
  env: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), job),
});

function workflowOf(name: string) {
  const text = fs.readFileSync(`.github/workflows/${name}.yml`, 'utf8');
  // A step or a job with a key that is not known above has none of what is told of it.
  const { on, permissions, jobs } = workflow.parse(parse(text));
  const steps = Object.entries(jobs).flatMap(([job, one]) => one.steps.map((each) => ({ ...each, job })));
  return { name, text, on, permissions, jobs, steps };
}
const all = fs.readdirSync('.github/workflows').map((file) => workflowOf(file.replace('.yml', '')));
const { text, on, jobs, steps } = workflowOf('windows');
const needsOf = (name: string): readonly string[] => [jobs[name]?.needs ?? []].flat();

describe('the Windows workflow', () => {
  it('has its jobs, each after those that it rests on', () => {
    expect(Object.fromEntries(Object.keys(jobs).map((name) => [name, needsOf(name)]))).toEqual({
      probe: [],
      test: [],
      package: [],
      live: ['probe'],
      client: [],
      nightly: ['probe'],
      verdict: ['probe', 'test', 'package', 'live', 'client', 'nightly'],
    });
    expect(Object.keys(on).toSorted()).toEqual(['pull_request', 'push', 'schedule', 'workflow_dispatch']);
  });

  it('has no secret', () => {
    expect(text).not.toMatch(/\bsecrets\b|github\.token/);
    expect(steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')).map(({ job: of }) => of)).toEqual(Object.keys(jobs)); // prettier-ignore
  });

  it('says what it found whatever became of it, and leaves nothing behind', () => {
    const always = (name: string) => steps.filter((one) => one.job === name && one.if === 'always()').map(({ uses, run }) => (uses ?? run ?? '').split('@')[0]); // prettier-ignore
    expect(always('package')).toEqual(['actions/upload-artifact']);
    expect(always('probe')).toEqual(['actions/upload-artifact']);
    expect(always('live')).toEqual(['tests\\live\\live.ps1 -Act clean -Prefix "hn-live-$env:HYPERNEST_LIVE_ID"', 'tests\\live\\logs.ps1 -Folder .cache\\live', 'actions/upload-artifact']); // prettier-ignore
    expect(always('nightly')).toEqual(['tests\\live\\guest.ps1 -Act clean -Prefix "hn-live-$env:HYPERNEST_LIVE_ID"', 'tests\\live\\logs.ps1 -Folder .cache\\live', 'actions/upload-artifact']); // prettier-ignore
  });
});

describe.each(all)('the workflow $name', ({ text, permissions, steps }) => {
  it('may only read, and keeps no credentials', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(text).not.toMatch(/pull_request_target|GITHUB_TOKEN/);
    for (const one of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(one.with).toEqual({ 'persist-credentials': false });
  });

  it('puts nothing of an event into a script: only variables, which the shell quotes', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  it('names only files that are there, and scripts that npm has', () => {
    const scripts = new Set(Object.keys((JSON.parse(fs.readFileSync('package.json', 'utf8')) as { scripts: object }).scripts)); // prettier-ignore
    const named = steps.flatMap(({ run }) => (run ?? '').match(/(?:tools|tests|node_modules)[\\/][\w.\\/-]+/g) ?? []);
    expect(named.length).toBeGreaterThan(3);
    for (const file of named) expect([file, fs.existsSync(file.replaceAll('\\', '/'))]).toEqual([file, true]);
    const own = new Set(['ci', 'sbom']);
    for (const [, name = ''] of steps.flatMap(({ run }) => [...(run ?? '').matchAll(/^npm (?:run )?([a-z]+)/gm)]))
      expect([name, scripts.has(name) || own.has(name)]).toEqual([name, true]);
    expect(steps.flatMap(({ run }) => run ?? []).filter((run) => run.trim().includes('\n'))).toEqual([]);
  });

  it('calls npm by cmd on Windows: a policy of PowerShell can refuse its script', () => {
    const calls = steps.filter(({ run }) => run?.startsWith('npm '));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ shell }) => shell !== 'cmd')).toEqual([]);
  });

  it('uploads what is in a hidden folder by saying so', () => {
    const uploads = steps.filter((one) => one.uses?.startsWith('actions/upload-artifact@'));
    expect(uploads.length).toBeGreaterThan(0);
    for (const { with: given = {} } of uploads)
      expect([given, given['include-hidden-files'] === true]).toEqual([
        given,
        /(^|[\n ])\./.test(String(given['path'])),
      ]);
  });
});

test('every action is taken by its commit, with the version beside it, one commit each in all workflows', () => {
  const commits = new Map<string, Set<string>>();
  for (const { text, steps } of all) {
    const used = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(used).toHaveLength(steps.filter(({ uses }) => uses).length);
    for (const [line, action = '', comment = ''] of used) {
      expect([line, /^actions\/[a-z-]+@[0-9a-f]{40}$/.test(action), /^ # v\d+\.\d+\.\d+$/.test(comment)]).toEqual([line, true, true]); // prettier-ignore
      const [name = '', commit = ''] = action.split('@');
      commits.set(name, (commits.get(name) ?? new Set()).add(commit));
    }
  }
  expect(commits.size).toBeGreaterThan(4);
  expect([...commits].filter(([, of]) => of.size > 1)).toEqual([]);
});

describe('the release', () => {
  const release = workflowOf('release');
  const { package: made, draft } = release.jobs;

  it('is begun by a tag of a version, and by nothing else', () => {
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
  });

  it('is written by a job of its own, in which nothing of npm runs', () => {
    expect(made?.permissions).toBeUndefined();
    expect(draft?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
    expect(draft?.needs).toBe('package');
    const runs = (draft?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatch(/^gh release create "\$TAG" --draft --verify-tag /);
    expect((draft?.steps ?? []).filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
  });

  it('shows its secrets to the one step that signs', () => {
    const secret = release.steps.filter((one) => JSON.stringify(one).includes('secrets.'));
    expect(secret.map(({ run }) => run)).toEqual(['node tools/release.mjs build']);
    expect(Object.keys(secret[0]?.env ?? {}).toSorted()).toEqual([...signingVariables].toSorted());
  });

  it('checks the tag before it builds, and tries the installer before it describes it', () => {
    const order = (made?.steps ?? []).flatMap(({ run }) => /node (tools\/\S+(?: [a-z]+)?)/.exec(run ?? '')?.[1] ?? []);
    expect(order).toEqual(['tools/release.mjs check', 'tools/release.mjs build', 'tools/package-check.mjs', 'tools/release.mjs describe']); // prettier-ignore
  });
});

test('the live suite runs just where Hyper-V is, and the verdict always: over every other job', () => {
  expect(jobs['live']?.if).toBe("needs.probe.outputs.hyperv == 'ok'");
  expect(Object.keys(jobs['probe']?.outputs ?? {})).toEqual(['hyperv', 'expose', 'reason', 'sshd']);
  expect(jobs['verdict']?.if).toBe('always()');
  expect(needsOf('verdict')).toEqual(Object.keys(jobs).filter((name) => name !== 'verdict'));
  const [verdict] = steps.filter(({ run }) => run?.includes('live-verdict'));
  expect(verdict?.env).toEqual({ NEEDS: '${{ toJSON(needs) }}', REF: '${{ github.ref }}' });
  const live = steps.find(({ job: of, run }) => of === 'live' && run === 'node tools/live.mjs');
  expect(live?.env).toMatchObject({ HYPERNEST_LIVE: '1' });
});

test('the live suite goes over SSH just where Windows has a server and a way in could be made, which is taken away again', () => {
  const of = (act: string) =>
    steps.find(({ job: name, run }) => name === 'live' && run?.includes(`sshd.ps1 -Act ${act}`));
  expect(of('start')).toMatchObject({
    id: 'ssh',
    if: "needs.probe.outputs.sshd == 'there'",
    // No server is no fault of the app: the suite then runs without this part.
    'continue-on-error': true,
  });
  expect(of('clean')?.if).toBe("always() && needs.probe.outputs.sshd == 'there'");
  const suite = steps.find(({ run }) => run === 'node tools/live.mjs');
  expect(suite?.env?.['HYPERNEST_LIVE_SSH']).toBe("${{ steps.ssh.outcome == 'success' && '.cache/live-ssh' || '' }}");
});

test('the guest of the nightly job is for a person to switch on: no image is named here', () => {
  expect(jobs['nightly']?.if).toContain("vars.HYPERNEST_GUEST_ISO != ''");
  expect(text).not.toMatch(/\.iso\b|https?:/i);
  expect(jobs['client']?.['continue-on-error']).toBe(true);
  expect(
    Object.entries(jobs)
      .filter(([, one]) => one['continue-on-error'])
      .map(([name]) => name),
  ).toEqual(['client']);
});
