import { fail, heal } from './failing-fs.js';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { clipboard, dialog, shell } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { textOf, thisPc, vmIn, type HostId } from '../../../src/core/cmdlets/ref.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { handlers } from '../../../src/shell/handlers.js';
import type { HostBook } from '../../../src/shell/host-book.js';
import { MemoryHistory } from '../../../src/shell/memory-history.js';
import { defaultSettings } from '../../../src/shell/settings.js';
import type { World } from '../../../src/shell/world.js';
import { translator } from '../../../src/text/index.js';
import { otherPc } from '../core/other-pc.js';
import { guid } from '../core/worlds.js';
import { readWorld } from './a-machine.js';
import { eventOf, headOf } from './a-record.js';
import { here } from './here.js';
import { stateOf } from './a-state.js';

vi.mock('electron', () => ({
  default: {},
  clipboard: { writeText: vi.fn() },
  dialog: { showSaveDialog: vi.fn(), showMessageBox: vi.fn() },
  shell: { openPath: vi.fn(), openExternal: vi.fn() },
}));
Object.defineProperty(process, 'getSystemVersion', { value: () => '10.0.26100', configurable: true });

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hypernest-handlers-'));
  file = path.join(folder, 'saved');
  vi.mocked(dialog.showSaveDialog).mockResolvedValue({ canceled: false, filePath: file });
});
afterEach(() => {
  heal();
  return fs.rm(folder, { recursive: true, maxRetries: 9 });
});

async function desk(
  unwritten = '',
  mayOpen = true,
): Promise<ReturnType<typeof here> & { readonly store: AppStore; readonly done: string[] }> {
  const done: string[] = [];
  const read = await readWorld('workstation');
  const state = stateOf(read, {
    runs: [{ ...headOf('old'), events: [eventOf(0), eventOf(1)], outcome: 'done' }],
  });
  // Started long ago: main holds no plan of it any more.
  const start = () => {
    done.push('start');
    return Promise.resolve({ kind: 'started', run: 'r-1' });
  };
  const worldAt = (host: HostId) =>
    ({
      runs: { planOf: () => undefined, start },
      proving: { stop: () => done.push(`stop ${textOf(host)}`) },
    }) as unknown as World;
  const world = worldAt(thisPc);
  const store = new AppStore(state, () => undefined);
  const calls = handlers({
    store,
    worlds: {
      at: worldAt,
      planner: () => world.runs,
      withPlan: () => world.runs,
      changeOf: () => world.runs,
      runs: undefined,
    },
    book: {} as unknown as HostBook,
    t: () => translator('en'),
    window: () => undefined,
    listens: () => undefined,
    changeSettings: () => Promise.resolve(defaultSettings),
    keepDrift: () => undefined,
    memory: () => new MemoryHistory(),
    questions: { agreed: () => Promise.resolve(false) },
    mayOpen: () => mayOpen,
    about: (what) =>
      what === 'license'
        ? { file: 'LICENSE.txt' }
        : what === 'releases'
          ? { address: 'https://example.org/' }
          : undefined,
    update: (act) => done.push(act),
    logFolder: folder,
    reviewLeft: () => undefined,
    whileStarting: async (work) => {
      done.push('starting');
      return await work().finally(() => done.push('started'));
    },
    unwritten: () => unwritten,
  });
  return { ...here(calls), store, done };
}

describe('what is saved as a file', () => {
  test('a run of long ago is saved as the script that it was', async () => {
    const { saveScript } = await desk();
    expect(await saveScript({ plan: 'plan', which: 'run' })).toEqual({ kind: 'saved' });
    const script = await fs.readFile(file, 'utf8');
    expect(script.startsWith('\uFEFF#Requires')).toBe(true);
    expect(script).toContain('Set-VMProcessor -ExposeVirtualizationExtensions $true');
  });

  test('of a run of several PCs the part of one of them is saved, called by it, and stops on any other', async () => {
    const { saveScript, saveConfiguration, store } = await desk();
    const [run] = store.state.runs;
    if (!run) throw new Error('there is no run');
    store.of(thisPc).keep({ runs: [{ ...run, span: { id: 'whole', part: 1, parts: 2 } }] });
    const name = store.state.machine?.host.name ?? '';
    const guard = `if ($env:COMPUTERNAME -ne '${name}') { throw 'made for another PC' }`;
    expect(await saveScript({ plan: 'whole', which: 'run', of: thisPc })).toEqual({ kind: 'saved' });
    const script = await fs.readFile(file, 'utf8');
    expect(script).toContain(guard);
    expect(script).toContain('Set-VMProcessor -ExposeVirtualizationExtensions $true');
    const options = vi.mocked(dialog.showSaveDialog).mock.lastCall?.[0];
    expect(options).toMatchObject({ defaultPath: `hypernest-${name}.ps1` });
    await saveConfiguration({ plan: 'whole', of: thisPc });
    const text = await fs.readFile(file, 'utf8');
    expect(text.split(guard)).toHaveLength(3);
    await expect(saveScript({ plan: 'whole', which: 'run', of: otherPc })).rejects.toThrow('not known');
  });

  test('a run of long ago is saved for WinGet as what it was', async () => {
    const { saveConfiguration } = await desk();
    expect(await saveConfiguration({ plan: 'plan' })).toEqual({ kind: 'saved' });
    const text = await fs.readFile(file, 'utf8');
    expect(text.startsWith('$schema: https://')).toBe(true);
    expect(text).toContain('identifier: dscv3');
    expect(text).not.toMatch(/: [&*]/);
    // As lines that can be read, not as one with marks in it.
    expect(text).toMatch(/setScript: \|-?\n +#Requires -Version 5\.1\n/);
    await expect(saveConfiguration({ plan: 'unknown' })).rejects.toThrow('no configuration');
  });

  test.each(['\u0085', '\u2028', '\u2029'])(
    'a name of a VM with %j in it is no line of its own in what is saved for WinGet',
    async (end) => {
      const { saveConfiguration, store } = await desk();
      const [run] = store.state.runs;
      const [chain] = run?.plan.chains ?? [];
      if (!run || !chain) throw new Error('there is no run');
      const chains = [{ ...chain, name: `a${end}  properties: {}${end}- name: b` }];
      store.of(thisPc).keep({ runs: [{ ...run, plan: { ...run.plan, chains } }] });
      expect(await saveConfiguration({ plan: 'plan' })).toEqual({ kind: 'saved' });
      const text = await fs.readFile(file, 'utf8');
      expect(text).not.toContain(end);
      expect(text).toContain('⟩- name: b');
    },
  );

  test('diagnostics tell nothing of whom, in a file as on the clipboard', async () => {
    const { saveReport } = await desk();
    expect(await saveReport({ report: { kind: 'diagnostics' } })).toEqual({ kind: 'saved' });
    const text = await fs.readFile(file, 'utf8');
    expect(text).toContain('"app": "1.2.3"');
    expect(text).not.toMatch(/dev-box|DEV-PC|mei/i);
  });

  test('a report of runs is saved as the window worded it', async () => {
    const { saveReport } = await desk();
    await saveReport({ report: { kind: 'runs', text: '嵌套 for dev-box' } });
    expect(await fs.readFile(file, 'utf8')).toBe('嵌套 for dev-box');
  });

  test('nothing is written when the person cancels, and a folder that takes nothing is said', async () => {
    const { saveReport } = await desk();
    vi.mocked(dialog.showSaveDialog).mockResolvedValueOnce({ canceled: true, filePath: '' });
    expect(await saveReport({ report: { kind: 'diagnostics' } })).toEqual({ kind: 'cancelled' });
    vi.mocked(dialog.showSaveDialog).mockResolvedValueOnce({
      canceled: false,
      filePath: path.join(file, 'no', 'where'),
    });
    expect((await saveReport({ report: { kind: 'diagnostics' } })).kind).toBe('failed');
  });

  describe.each([
    ['full', 'write', 'ENOSPC'],
    ['read-only', 'write', 'EROFS'],
    ['refused', 'write', 'EACCES'],
    ['refused', 'rename', 'EPERM'],
    ['refused', 'rename', 'EBUSY'],
  ] as const)('on a disk that is %s (at %s, %s)', (why, act, code) => {
    test.each(['script', 'diagnostics', 'report of a problem'])(
      'a %s leaves the old file whole, and it is said',
      async (what) => {
        const { saveReport, saveScript, problemReport, saveProblemReport } = await desk();
        await problemReport({ words: [] });
        const save = async () =>
          what === 'script'
            ? await saveScript({ plan: 'plan', which: 'run' })
            : what === 'diagnostics'
              ? await saveReport({ report: { kind: 'diagnostics' } })
              : await saveProblemReport(undefined);
        await fs.writeFile(file, 'old');
        fail((of, at) => (of === act && at.startsWith(file) ? code : undefined));
        expect(await save()).toEqual({ kind: 'failed', fault: { why, path: file } });
        heal();
        expect(await fs.readFile(file, 'utf8')).toBe('old');
        expect(await fs.readdir(folder)).toEqual(['saved']);
        expect(await save()).toEqual({ kind: 'saved' });
        expect(await fs.readFile(file, 'utf8')).not.toBe('old');
      },
    );
  });

  test('a folder in the place of the file is named', async () => {
    const { saveReport } = await desk();
    await fs.mkdir(file);
    const fault = { why: 'in-the-way', path: file };
    expect(await saveReport({ report: { kind: 'diagnostics' } })).toEqual({ kind: 'failed', fault });
  });

  test('what was said is taken back when it is dismissed, and nothing else', async () => {
    const { dismissNotice, store } = await desk();
    const fault = { why: 'full', path: file } as const;
    store.say({ kind: 'log-unwritable', fault });
    store.say({ kind: 'settings-unwritable', fault });
    store.say({ kind: 'log-unwritable', fault: { why: 'read-only', path: file } });
    await dismissNotice({ kind: 'settings-unwritable' });
    expect(store.state.notices).toEqual([{ kind: 'log-unwritable', fault: { why: 'read-only', path: file } }]);
  });

  test('lines of the log that no file took are in a report all the same', async () => {
    const { problemReport } = await desk('[info] in memory only\n');
    const { files } = await problemReport({ words: [] });
    expect(files.at(-1)?.text).toContain('in memory only');
  });

  test('a report of a problem is saved as it was shown, though the log goes on', async () => {
    const { problemReport, saveProblemReport } = await desk();
    await fs.writeFile(path.join(folder, 'hypernest.log'), 'first line\n');
    const { files, size } = await problemReport({ words: [] });
    expect(files.at(-1)).toEqual({ name: 'hypernest.log', text: 'first line\n' });
    await fs.appendFile(path.join(folder, 'hypernest.log'), 'second line\n');
    expect(await saveProblemReport(undefined)).toEqual({ kind: 'saved' });
    const zip = await fs.readFile(file);
    expect(zip).toHaveLength(size);
    expect(zip.subarray(0, 4).toString()).toBe('PK\u0003\u0004');
  });

  test('of a long log the end is told, from a whole line on', async () => {
    const { problemReport } = await desk();
    await fs.writeFile(path.join(folder, 'hypernest.log'), `${'嵌'.repeat(40)}\n`.repeat(2000) + 'the last\n');
    const { files } = await problemReport({ words: [] });
    const log = files.at(-1)?.text ?? '';
    expect(log.split('\n')[0]).toBe('嵌'.repeat(40));
    expect(log.endsWith('the last\n')).toBe(true);
    expect(Buffer.byteLength(log)).toBeLessThanOrEqual(100_000);
  });

  test('what is copied is what is shown, without what was taken out last', async () => {
    const { problemReport, copyProblemReport } = await desk();
    await fs.writeFile(path.join(folder, 'hypernest.log'), 'project Sunrise\n');
    await problemReport({ words: [] });
    const { files, takenOut } = await problemReport({ words: ['sunrise'] });
    expect(takenOut.words).toBe(1);
    await copyProblemReport(undefined);
    const copied = vi.mocked(clipboard.writeText).mock.lastCall?.[0] ?? '';
    for (const { name, text } of files) expect(copied).toContain(`${name}\n\n${text}`);
    expect(copied).not.toMatch(/sunrise/i);
  });

  test('nothing can be saved or copied that was not shown', async () => {
    const { saveProblemReport, copyProblemReport } = await desk();
    expect(() => saveProblemReport(undefined)).toThrow();
    expect(() => copyProblemReport(undefined)).toThrow();
  });
});

test('a start is known as one to who asked for the review, until it is known what became of it', async () => {
  const { start, done } = await desk();
  expect(await start({ plan: 'plan', consents: [] })).toEqual({ kind: 'started', run: 'r-1' });
  expect(done).toEqual(['starting', 'start', 'started']);
});

test('a network test is stopped on the host that it is of, whichever is shown', async () => {
  const { stopProof, done } = await desk();
  await stopProof({ at: vmIn(otherPc, guid(1)) });
  expect(done).toEqual([`stop ${textOf(otherPc)}`]);
});

test('a newer version is installed by a press of a person; a look needs none', async () => {
  const pressed = await desk();
  await pressed.update({ act: 'install' });
  expect(pressed.done).toEqual(['install']);
  const flooding = await desk('', false);
  await flooding.update({ act: 'install' });
  await flooding.update({ act: 'look' });
  expect(flooding.done).toEqual(['look']);
});

describe('what About opens', () => {
  const file = vi.mocked(shell.openPath);
  const page = vi.mocked(shell.openExternal);
  beforeEach(() => {
    file.mockReset().mockResolvedValue('');
    page.mockReset().mockResolvedValue();
  });

  test('is a file or a page that main knows, and never an address of the window', async () => {
    const { openAbout } = await desk();
    expect(await openAbout({ what: 'license' })).toEqual({ ok: true });
    expect(await openAbout({ what: 'releases' })).toEqual({ ok: true });
    expect(await openAbout({ what: 'repository' })).toEqual({ ok: false });
    expect([file.mock.calls, page.mock.calls]).toEqual([[['LICENSE.txt']], [['https://example.org/']]]);
  });

  test('is said where it does not open', async () => {
    const { openAbout } = await desk();
    file.mockResolvedValue('no program for it');
    page.mockRejectedValue(new Error('no browser'));
    expect(await openAbout({ what: 'license' })).toEqual({ ok: false });
    expect(await openAbout({ what: 'releases' })).toEqual({ ok: false });
  });

  test('is nothing where the page opens too much', async () => {
    const { openAbout } = await desk('', false);
    expect(await openAbout({ what: 'license' })).toEqual({ ok: false });
    expect(file).not.toHaveBeenCalled();
  });
});
