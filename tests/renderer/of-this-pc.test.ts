/** What is of this PC alone is not said of a host that is shown, and not offered for it. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import FileChoice from '../../renderer/create/FileChoice.svelte';
import Errors from '../../renderer/pages/Errors.svelte';
import Host from '../../renderer/pages/Host.svelte';
import Settings from '../../renderer/pages/Settings.svelte';
import Message from '../../renderer/wizard/Message.svelte';
import Review from '../../renderer/wizard/Review.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import { viewOf } from '../../renderer/state/view.js';
import Obstacle from '../../renderer/states/Obstacle.svelte';
import type { Check } from '../../src/core/checks/check.js';
import { textOf, thisPc, vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import type { HostState } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { translator } from '../../src/text/index.js';
import { otherPc } from '../unit/core/other-pc.js';
import { guid, handshakeOf, machineOf, mei, stranger, vmOf } from '../unit/core/worlds.js';
import { fakeMain, ready } from './bridge.js';
import { chainOf, changeOf, planOf, stepOf } from '../unit/renderer/fixtures.js';

const t = translator('en');
const wordsOf = (pc: HostId) => translator('en', pc === thisPc ? {} : { host: 'Builds' });
const member = { ...stranger, isMember: true };
const admin = { ...mei, account: 'BUILD-01\\admin', inToken: false, isMember: false, isElevated: true };

function show(pc: HostId, change: Partial<HostState> = {}): void {
  const machine = { ...machineOf({ name: 'BUILD-01' }, [vmOf(1, { name: 'runner' })]), at: otherPc };
  const host: HostState = {
    ...nothingKnown({ kind: 'host' }),
    connection: { kind: 'ready', handshake: handshakeOf({ identity: admin }), elevated: false },
    machine,
    ...change,
  };
  app.state = ready([vmOf(1, { name: 'dev-box' })], {
    hosts: [{ id: otherPc, label: 'Builds', address: 'admin@build-01' }],
    others: { [textOf(otherPc)]: host },
  });
  app.show(pc);
}

beforeEach(() => void fakeMain({}));

describe('an act of this PC', () => {
  const check: Check = {
    id: 'rights',
    verdict: 'blocker',
    title: { key: 'checks.rightsUnknown' },
    why: { key: 'checks.rightsUnknownWhy' },
    evidence: [],
    fix: { kind: 'act', act: 'allow-session' },
    fixLabel: { key: 'host.fixSession' },
  };
  const session = () => screen.queryByRole('button', { name: t('host.fixSession') });
  it.each([
    ['of this PC', thisPc, thisPc, true],
    ['of a host', otherPc, otherPc, false],
    ['of a host, by a change on both', thisPc, otherPc, false],
    ['of this PC, while a host is shown', otherPc, thisPc, false],
  ] as const)('where a plan %s waits for it', (_, pc, of, isOffered) => {
    show(pc);
    const blocked = [{ vm: vmIn(of, guid(1)), name: 'runner', checks: [check] }];
    render(Message, { icon: 'blocker', stage: 'blocked', words: 'x', blocked });
    expect(session() !== null).toBe(isOffered);
  });

  it.each([thisPc, otherPc])('where an error has its cause in the PC: %s', async (pc) => {
    show(pc, { machine: { ...machineOf({ name: 'BUILD-01', identity: stranger }), at: otherPc } });
    if (pc === thisPc) app.state = { ...ready([]), machine: machineOf({ identity: stranger }) };
    render(Errors, {});
    await fireEvent.input(screen.getByRole('textbox', { name: t('errors.field') }), {
      target: { value: 'You do not have the required permission to complete this task.' },
    });
    expect(screen.getByText(wordsOf(pc)('checks.rightsNone'))).toBeTruthy();
    expect(screen.queryByRole('button', { name: t('checks.fixJoinGroup') }) !== null).toBe(pc === thisPc);
    expect(screen.queryByText(t('hosts.there', { name: 'BUILD-01' })) !== null).toBe(pc === otherPc);
  });
});

describe('Settings, while a host is shown', () => {
  const kept = (at: HostId, machine: string) => ({ at: vmIn(at, guid(1)), machine, userName: 'dev' });
  beforeEach(() => {
    show(otherPc, {
      connection: {
        kind: 'ready',
        handshake: handshakeOf({ identity: admin, shellVersion: '5.1.20348.1' }),
        elevated: false,
      },
      accounts: [kept(otherPc, 'runner')],
    });
    if (app.all) app.state = { ...app.all, source: { kind: 'this-pc' }, accounts: [kept(thisPc, 'dev-box')] };
    render(Settings);
  });

  it('say who you are on this PC, and through which PowerShell', () => {
    const { edition, shellVersion: version } = handshakeOf();
    const said = document.body.textContent;
    expect(said).toContain(t('settings.rightsGroup', { account: mei.account }));
    expect(said).toContain(t('settings.sourceRealWhy', { edition, version }));
  });

  it('list the accounts that are kept for the VMs of every PC', () => {
    expect(screen.getByText('dev-box')).toBeTruthy();
    expect(screen.getByText('runner · Builds')).toBeTruthy();
  });

  it('give the diagnostics of this PC, as they say', async () => {
    const asked: unknown[] = [];
    const bridge = { ...window.hypernest, call: (name: string, _: unknown, host: unknown) => asked.push([name, host]) };
    Object.defineProperty(window, 'hypernest', { value: bridge, configurable: true });
    await fireEvent.click(screen.getByRole('button', { name: t('settings.diagnosticsCopy') }));
    await fireEvent.click(screen.getByRole('button', { name: t('settings.diagnosticsSave') }));
    expect(asked).toEqual([
      ['copyDiagnostics', thisPc],
      ['saveReport', thisPc],
    ]);
  });
});

it('from Settings, the way to This PC leads there, whichever PC is shown', async () => {
  show(otherPc);
  if (app.all) {
    const connection = { kind: 'ready', handshake: handshakeOf({ identity: stranger }), elevated: false } as const;
    app.state = { ...app.all, connection };
  }
  render(Settings);
  await fireEvent.click(screen.getByRole('button', { name: t('settings.rightsOpen') }));
  expect([app.at, route.now.page]).toEqual([thisPc, 'host']);
});

it('who joined the group of a host after the connection began is asked to connect again, and to join nothing', async () => {
  const { asked } = fakeMain({});
  show(otherPc, { connection: { kind: 'ready', handshake: handshakeOf({ identity: member }), elevated: false } });
  const view = viewOf(app.state);
  if (view.kind !== 'sign-out') throw new Error(view.kind);
  render(Obstacle, { view });
  expect(screen.getByRole('heading', { name: t('hosts.againTitle', { name: 'BUILD-01' }) })).toBeTruthy();
  expect(document.body.textContent).toContain(t('hosts.againText', { account: member.account }));
  await fireEvent.click(screen.getByRole('button', { name: t('machines.tryNow') }));
  expect(asked).toContainEqual({ name: 'reconnect', request: undefined });
});

describe('who runs a change', () => {
  const step = stepOf(guid(1), 1, 'setting', [changeOf(guid(1), 'stopAction', 'Save', 'ShutDown')]);
  const there = wordsOf(otherPc);
  it.each([
    [admin, there('wizard.runsThereElevated', { account: admin.account })],
    [mei, there('wizard.runsThere', { account: mei.account })],
    [null, there('wizard.runsThereSomehow')],
  ])('on a host', (identity, words) => {
    show(otherPc, { connection: { kind: 'ready', handshake: handshakeOf({ identity }), elevated: false } });
    const plan = planOf([chainOf([step], { vm: vmIn(otherPc, guid(1)) })]);
    const none = new Set<never>();
    render(Review, {
      shown: { result: { kind: 'ready', plan }, script: [], undoScript: [] },
      plan,
      given: none,
      also: none,
      onconsent: () => undefined,
      onalso: () => undefined,
    });
    expect(document.body.textContent).toContain(words);
  });
});

it('a host whose sign-in is elevated is read through an elevated PowerShell', () => {
  show(otherPc);
  render(Host);
  const read = wordsOf(otherPc)('host.readElevated', { age: app.age(app.state?.machine?.host.readAt ?? '') });
  expect(document.body.textContent).toContain(read);
});

it('no file was looked for on a host, and a download of this PC is not there', () => {
  show(otherPc);
  const filled = { source: 'iso', files: [], file: undefined } as never;
  render(FileChoice, { filled, isLooking: false, onchange: () => undefined });
  expect(screen.getByText(wordsOf(otherPc)('create.noneThere'))).toBeTruthy();
  expect(screen.queryByText(t('create.getWindows11'))).toBeNull();
});
