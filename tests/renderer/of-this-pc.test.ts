/** What is of this PC alone is not said of a host that is shown, and not offered for it. */
import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Errors from '../../renderer/pages/Errors.svelte';
import Message from '../../renderer/wizard/Message.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import type { Check } from '../../src/core/checks/check.js';
import { textOf, thisPc, vmIn, type HostId } from '../../src/core/cmdlets/ref.js';
import type { HostState } from '../../src/ipc/schema.js';
import { nothingKnown } from '../../src/shell/app-state.js';
import { translator } from '../../src/text/index.js';
import { otherPc } from '../unit/core/other-pc.js';
import { guid, handshakeOf, machineOf, mei, stranger, vmOf } from '../unit/core/worlds.js';
import { fakeMain, ready } from './bridge.js';

const t = translator('en');
const wordsOf = (pc: HostId) => translator('en', pc === thisPc ? {} : { host: 'Builds' });
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
