import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { scenarioNames, type ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { commandSwitches } from '../../../src/shell/command-line.js';
import { exitCodeOf, jsonOf, reportSchema, type Report } from '../../../src/shell/command-report.js';
import { helpLines, printedOf } from '../../../src/shell/command-words.js';
import { refusedOf, reportFor, type CommandOptions, type Hearing } from '../../../src/shell/commands.js';
import type { HandedAnswer } from '../../../src/shell/handed.js';
import type { Place } from '../../../src/shell/place.js';
import { languageTags, translator } from '../../../src/text/index.js';
import { unseenIn } from '../../hostile.js';
import { placeOf } from './a-place.js';

const t = translator('en');
let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'hypernest-command-'))));
afterEach(() => rmSync(folder, { recursive: true, maxRetries: 9 }));

const never = (): Promise<never> => Promise.reject(new Error('nobody is asked'));

function about(
  scenario: ScenarioName,
  { source, hosts = [] }: { source?: Place['source']; hosts?: readonly unknown[] } = {},
) {
  const world = placeOf(scenario, path.join(folder, 'runs'));
  const said: string[] = [];
  const options: CommandOptions = {
    t,
    appVersion: '1.2.3',
    hosts,
    openPlace: () => Promise.resolve({ ...world.place, ...(source && { source }) }),
    askEnd: never,
    askReview: never,
    say: (line) => said.push(line),
  };
  return {
    ...world,
    said,
    ask: (command: Parameters<typeof reportFor>[0]) => reportFor(command, options),
    id: (name: string) => world.simulator.outside.vm(name).id,
  };
}
const nesting = { nesting: true } as const;

async function of<Kind extends Report['kind']>(kind: Kind, report: Promise<Report>) {
  const found = await report;
  if (found.kind !== kind) throw new Error(`it is ${JSON.stringify(found)}`);
  return found as Extract<Report, { readonly kind: Kind }>;
}

describe('a reading', () => {
  test('lists the VMs, and leaves nothing behind', async () => {
    const { ask, id, seen } = about('workstation');
    const report = await of('list', ask({ kind: 'list' }));
    expect(report.vms).toContainEqual({ id: id('dev-box'), name: 'dev-box', state: 'Off', nesting: false });
    expect(seen).toEqual({ opened: 1, closed: 1 });
    expect(readdirSync(folder)).toEqual([]);
    expect(exitCodeOf(report)).toBe(0);
  });

  test.each([
    [true, undefined],
    [false, { kind: 'this-pc' }],
  ] as const)('says whether the PC is simulated: %j', async (simulated, source) => {
    const { ask, said } = about('workstation', source && { source });
    expect(await ask({ kind: 'list' })).toMatchObject({ kind: 'list', simulated });
    expect(await ask({ kind: 'check' })).toMatchObject({ kind: 'check', simulated });
    expect(await ask({ kind: 'check', vm: 'dev-box' })).toMatchObject({ kind: 'check', simulated });
    for (const isOn of [true, false])
      expect(await ask({ kind: 'plan', vms: ['dev-box'], want: { nesting: isOn } })).toMatchObject({
        kind: 'plan',
        simulated,
      });
    expect(said).toEqual(simulated ? Array.from({ length: 5 }, () => t('command.simulated')) : []);
  });

  test('checks this PC, or a VM', async () => {
    const { ask, id } = about('workstation');
    const pc = await of('check', ask({ kind: 'check' }));
    expect(pc.vm).toBeNull();
    expect(pc.checks.find((check) => check.id === 'processor')?.evidence.length).toBeGreaterThan(0);
    const vm = await of('check', ask({ kind: 'check', vm: 'DEV-BOX' }));
    expect(vm.vm).toEqual({ id: id('dev-box'), name: 'dev-box' });
    expect(exitCodeOf(vm)).toBe(0);
  });

  test('plans, with the exact PowerShell, and changes nothing', async () => {
    const { ask, id, simulator } = about('workstation');
    const plan = await of('plan', ask({ kind: 'plan', vms: ['dev-box'], want: nesting }));
    expect(plan.result).toBe('ready');
    expect(plan.changes).toEqual([
      { vm: { id: id('dev-box'), name: 'dev-box' }, path: `${id('dev-box')}/nesting`, from: false, to: true },
    ]);
    expect(plan.script).toContain(`Set-VMProcessor`);
    expect(plan.script).toContain(id('dev-box'));
    expect(plan.undoScript).toContain('$false');
    expect(plan.asks).toEqual([]);
    expect(simulator.outside.vm('dev-box').settings.nesting).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('knows the journal, and leaves it as it is, even what nobody can read', async () => {
    const { ask, place } = about('workstation');
    mkdirSync(place.journal);
    for (const name of ['old.jsonl', 'half.jsonl.1.new']) writeFileSync(path.join(place.journal, name), '{');
    utimesSync(path.join(place.journal, 'old.jsonl'), 0, 0);
    await of('plan', ask({ kind: 'plan', vms: ['dev-box'], want: nesting }));
    expect(readdirSync(place.journal).toSorted()).toEqual(['half.jsonl.1.new', 'old.jsonl']);
  });

  test('says what a person is asked before a VM goes down', async () => {
    const { ask, id } = about('workstation');
    const plan = await of('plan', ask({ kind: 'plan', vms: ['Lab DC 01'], want: nesting }));
    expect(plan.asks).toEqual([{ consent: 'shut-down', vms: [{ id: id('Lab DC 01'), name: 'Lab DC 01' }] }]);
    expect(printedOf(plan, t).lines).toContain(t('command.asksShutDown', { names: ['Lab DC 01'] }));
  });

  test('where a host is listed, both scripts stop on any other PC than this one', async () => {
    const wish = { kind: 'plan', vms: ['dev-box'], want: nesting } as const;
    for (const [hosts, isBound] of [
      [[], false],
      [['BUILD-01'], true],
    ] as const) {
      const { script, undoScript } = await of('plan', about('workstation', { hosts }).ask(wish));
      for (const text of [script, undoScript]) expect(text.includes("-ne 'DEV-PC'")).toBe(isBound);
    }
  });

  test('of what is so already plans nothing', async () => {
    const plan = await of(
      'plan',
      about('workstation').ask({ kind: 'plan', vms: ['dev-box'], want: { nesting: false, spoofing: false } }),
    );
    expect([plan.result, plan.script, exitCodeOf(plan)]).toEqual(['already-so', '', 0]);
  });

  test('refuses a VM that is not there, and a name that several have, with their ids', async () => {
    const { ask, simulator, id } = about('workstation');
    const gone = await of('refused', ask({ kind: 'check', vm: 'nobody' }));
    expect([gone.why, exitCodeOf(gone)]).toEqual(['unknown-vm', 1]);
    simulator.outside.rename(id('Lab DC 01'), 'dev-box');
    const several = await of('refused', ask({ kind: 'plan', vms: ['dev-box'], want: nesting }));
    expect([several.why, several.vms.length]).toEqual(['several-vms', 2]);
    expect(printedOf(several, t).lines.join('\n')).toContain(several.vms[1]?.id);
  });

  test('without permission says so of the VMs, and still checks this PC', async () => {
    const { ask } = about('not-admin');
    expect(await of('refused', ask({ kind: 'list' }))).toMatchObject({ why: 'unread' });
    const pc = await of('check', ask({ kind: 'check' }));
    expect(pc.checks.find(({ id }) => id === 'rights')?.verdict).toBe('blocker');
  });

  test('where no session can be opened is refused, and closes what was open', async () => {
    const { place } = about('workstation');
    let closed = 0;
    const broken = {
      ...place,
      open: () => Promise.reject(new Error('no shell')),
      close: () => {
        closed++;
        return Promise.resolve();
      },
    };
    const options = {
      t,
      appVersion: '',
      hosts: [],
      openPlace: () => Promise.resolve(broken),
      askEnd: never,
      askReview: never,
    };
    const report = await reportFor({ kind: 'list' }, { ...options, say: () => undefined });
    expect(report).toMatchObject({ kind: 'refused', why: 'unread' });
    expect(closed).toBe(1);
  });
});

describe.each(scenarioNames)('of %s', (scenario) => {
  test('every answer has the documented shape, is plain ASCII as JSON, and shows nothing unseen to a terminal', async () => {
    const { ask, simulator } = about(scenario);
    const list = await ask({ kind: 'list' });
    const [first] = list.kind === 'list' ? list.vms : [];
    const reports = [
      list,
      await ask({ kind: 'check' }),
      ...(first
        ? [await ask({ kind: 'check', vm: first.id }), await ask({ kind: 'plan', vms: [first.id], want: nesting })]
        : []),
    ];
    expect(simulator).toBeDefined();
    for (const report of reports) {
      expect(reportSchema.parse(JSON.parse(jsonOf(report)))).toEqual(report);
      expect(jsonOf(report)).toMatch(/^[\n\x20-\x7e]*$/);
      const { lines } = printedOf(report, t);
      expect(lines.length).toBeGreaterThan(0);
      expect(unseenIn(lines.join('\n').replaceAll('\u00a0', ' '), 200)).toEqual([]);
    }
  });
});

/** An app that says this, and has gone then, or stays without a word. */
function saying(...answers: readonly (HandedAnswer | 'and no more')[]): Hearing {
  async function* say() {
    for (const answer of answers)
      if (answer === 'and no more') await new Promise(() => undefined);
      else yield answer;
  }
  return { answers: say(), reached: () => Promise.resolve(true) };
}
const deaf: Hearing = { answers: saying().answers, reached: () => Promise.resolve(false) };

function asking(hearing: Hearing | undefined) {
  const said: string[] = [];
  const options: CommandOptions = {
    t,
    appVersion: '1.2.3',
    hosts: [],
    openPlace: never,
    askEnd: () => Promise.resolve(hearing),
    askReview: () => (hearing ? Promise.resolve(hearing) : never()),
    say: (line) => said.push(line),
  };
  return { said, ask: (command: Parameters<typeof reportFor>[0]) => reportFor(command, options) };
}

describe('an end', () => {
  const end = async (hearing: Hearing | undefined) => {
    const report = await asking(hearing).ask({ kind: 'end' });
    return [report.kind === 'end' ? report.outcome : report, exitCodeOf(report)];
  };
  test('is there at once where no app runs', async () => expect(await end(undefined)).toEqual(['not-running', 0]));
  test('is there when the app has said so and gone', async () =>
    expect(await end(saying({ kind: 'here' }, { kind: 'ending' }))).toEqual(['ended', 0]));
  test.each<readonly HandedAnswer[]>([[{ kind: 'here' }], [{ kind: 'waits', seconds: 300 }]])(
    'is not known of an app that goes without a word (%o)',
    async (...answers) =>
      expect(await end(saying(...answers))).toEqual([expect.objectContaining({ why: 'no-answer' }), 1]),
  );
  test('that was said, and then kept, is kept', async () => {
    expect(await end(saying({ kind: 'ending' }, { kind: 'kept' }))).toEqual(['kept', 1]);
  });
  describe('of an app that says no more', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    test.each<[seconds: number, readonly HandedAnswer[]]>([
      [30, [{ kind: 'here' }]],
      [30, [{ kind: 'ending' }]],
      [360, [{ kind: 'waits', seconds: 300 }]],
      [360, [{ kind: 'waits', seconds: 300 }, { kind: 'ending' }]],
    ])('is not waited for longer than %i s after %o', async (seconds, answers) => {
      const ended = end(saying(...answers, 'and no more'));
      const told = vi.fn();
      void ended.then(told);
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(told).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1);
      expect(await ended).toEqual([expect.objectContaining({ why: 'no-answer' }), 1]);
    });
  });
  test('is not there where a change takes too long', async () => {
    const { said, ask } = asking(saying({ kind: 'waits', seconds: 300 }, { kind: 'kept' }));
    const report = await ask({ kind: 'end' });
    expect([report, exitCodeOf(report)]).toEqual([{ version: 1, kind: 'end', outcome: 'kept' }, 1]);
    expect(said).toEqual([t('command.endWaits', { time: 300 })]);
  });
  test('is not known of an app that does not answer', async () => {
    const report = await asking(deaf).ask({ kind: 'end' });
    expect([report.kind === 'refused' && report.why, exitCodeOf(report)]).toEqual(['no-answer', 1]);
  });
});

describe('a review', () => {
  const review = { kind: 'apply', vms: ['a'], want: nesting } as const;
  test.each([
    ['done', 0],
    ['failed', 1],
    ['closed', 3],
  ] as const)('that was %s ends with %i', async (outcome, code) => {
    const { said, ask } = asking(saying({ kind: 'opened' }, { kind: 'decided', outcome, change: 'r-1' }));
    const report = await ask(review);
    expect([report, exitCodeOf(report)]).toEqual([{ version: 1, kind: 'change', outcome, change: 'r-1' }, code]);
    expect(said).toEqual([t('command.reviewOpen')]);
  });
  test('whose app goes without a word has no known end; one whose change had begun has failed', async () => {
    const silent = await asking(saying({ kind: 'here' }, { kind: 'opened' })).ask(review);
    expect([silent.kind === 'refused' && silent.why, exitCodeOf(silent)]).toEqual(['no-answer', 1]);
    const begun = await asking(saying({ kind: 'opened' }, { kind: 'started', change: 'r-1' })).ask(review);
    const change = { version: 1, kind: 'change', outcome: 'failed', change: 'r-1' };
    expect([begun, exitCodeOf(begun)]).toEqual([change, 1]);
  });
  test('whose end is not known promises nothing about this PC', () => {
    for (const language of languageTags) {
      const { message: noAnswer } = refusedOf('no-answer', translator(language));
      const { message: failed } = refusedOf('failed', translator(language), 'why');
      for (const message of [noAnswer, failed]) expect(message).not.toMatch(/nothing was changed|未更改/i);
    }
  });
  test('that cannot be opened says why', async () => {
    const vms = [{ id: '1', name: 'a\u001b[31m' }];
    const report = await asking(saying({ kind: 'refused', why: 'several-vms', word: 'a', vms })).ask(review);
    expect(report).toMatchObject({ kind: 'refused', why: 'several-vms', vms });
    expect(printedOf(report, t).lines.join('')).not.toContain('\u001b');
    expect((await asking(deaf).ask({ kind: 'undo' })).kind).toBe('refused');
  });
});

describe('the page about it', () => {
  const page = readFileSync(new URL('../../../docs/command-line.md', import.meta.url), 'utf8');

  test('has an example of each answer, and no other', () => {
    const examples = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) =>
      reportSchema.parse(JSON.parse(json)),
    );
    const kinds = reportSchema.options.map(({ shape }) => shape.kind.value);
    expect(examples.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  });

  test('names what is typed', () => {
    for (const typed of commandSwitches.filter((name) => name !== '--answer')) expect(page).toContain(typed);
  });
});

test('the version and the help are one page', async () => {
  const report = await asking(undefined).ask({ kind: 'version' });
  expect(printedOf(report, t)).toEqual({ to: 'out', lines: ['Hypernest 1.2.3'] });
  expect(helpLines(t).every((line) => line.length <= 130)).toBe(true);
});
