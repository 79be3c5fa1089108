/** Sessions inside guests on the real engine: one for each VM, kept, through the outer machine for a VM in a VM. */
import { vmIn, thisPc, type MachineRef } from '../../src/core/cmdlets/ref.js';
import { afterEach, describe, expect, it } from 'vitest';
import { enterState } from '../../simulator/guest.js';
import type { WireRequest } from '../../simulator/wire.js';
import type { HostCall } from '../../src/core/cmdlets/call.js';
import { openSession } from '../../src/powershell/session.js';
import { guests, inner, outer, recordedTransport } from './guests.js';
import { hasPowerShell } from './runtime.js';
import { behindEngine, type Behind } from './world.js';

const open: Behind[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

/** A session on that world, and the cmdlets that the simulator was asked for, with where. */
async function entered() {
  const made = guests();
  const behind = await behindEngine(made.simulator, { credentials: made.credentials });
  open.push(behind);
  const { session } = behind;
  const asked: string[] = [];
  made.simulator.on((event) => {
    if (event.kind === 'call') asked.push(event.request.cmdlet);
  });
  const count = (cmdlet: string) => asked.filter((one) => one === cmdlet).length;
  return { ...made, behind, session, asked, count };
}

const system = (at: MachineRef) => ({ cmdlet: 'Get-CimInstance/Win32_ComputerSystem', params: {}, at }) as const;
const makeSwitch = (at: MachineRef, name: string) =>
  ({ cmdlet: 'New-VMSwitch/Internal', params: { Name: name }, at }) as const satisfies HostCall;

describe.skipIf(!(await hasPowerShell()))('a session in a guest', () => {
  it('answers from the machine at the end of the path', async () => {
    const { session, l1, l2 } = await entered();
    const names: unknown[] = [];
    for (const at of [thisPc, vmIn(thisPc, l1.id), vmIn(vmIn(thisPc, l1.id), l2.id)]) {
      const [result] = await session.call([system(at)]);
      names.push('rows' in result ? result.rows[0]?.Name : result);
    }
    expect(names).toEqual(['DEV-PC', 'BUILD-01', 'RUNNER-W']);
  });

  it('is opened once for each guest and kept, in each machine on the way to it', async () => {
    const { session, l1, l2, count } = await entered();
    for (let i = 0; i < 3; i++) {
      await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))]);
      await session.call([system(vmIn(thisPc, l1.id))]);
    }
    expect(count('New-PSSession')).toBe(3);
  });

  it('takes one batch after the other', async () => {
    const { session, simulator, l1 } = await entered();
    const order: string[] = [];
    simulator.on((event) => {
      if (event.kind === 'changed' || event.request.cmdlet !== 'New-VMSwitch') return;
      order.push(`${event.kind} ${String(event.request.parameters['Name'])}`);
    });
    simulator.fault({ cmdlet: 'New-VMSwitch', effect: { kind: 'slow', seconds: 3 } });
    await Promise.all([
      session.call([makeSwitch(vmIn(thisPc, l1.id), 'one')]),
      session.call([makeSwitch(vmIn(thisPc, l1.id), 'two')]),
    ]);
    expect(order).toEqual(['call one', 'reply one', 'call two', 'reply two']);
  });

  it('uses cmdlets there that are refused on this PC', async () => {
    const { session, l1, count } = await entered();
    const nat = (at: MachineRef) => ({ cmdlet: 'Get-NetNat', params: {}, at }) as const;
    expect(await session.call([nat(thisPc)])).toMatchObject([{ failed: { kind: 'invalid-argument' } }]);
    expect(count('Get-NetNat')).toBe(0);
    expect(await session.call([nat(vmIn(thisPc, l1.id))])).toEqual([{ rows: [], errors: [] }]);
  });

  it('is not asked for without an account', async () => {
    const { session, behind, l1, l2, accounts } = await entered();
    accounts.delete(vmIn(vmIn(thisPc, l1.id), l2.id));
    const before = behind.sent.length;
    expect(await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))])).toMatchObject([
      { failed: { kind: 'no-credentials' } },
    ]);
    expect(behind.sent).toHaveLength(before);
  });

  it.each([
    ['a wrong password', 'credential-refused', { userName: 'builder', password: 'no' }],
    ['a blank password', 'credential-refused', { userName: 'builder', password: '' }],
    ['an account that is no administrator', 'not-administrator', { userName: 'guest', password: 'guest' }],
  ])('refuses %s, and takes the right one afterwards', async (_, kind, wrong) => {
    const { session, l1, accounts, asked } = await entered();
    accounts.set(vmIn(thisPc, l1.id), wrong);
    const refused = await session.call([system(vmIn(thisPc, l1.id)), makeSwitch(vmIn(thisPc, l1.id), 'x')]);
    expect(refused).toMatchObject([{ failed: { kind } }, { failed: { kind } }]);
    expect(asked).not.toContain('New-VMSwitch');
    accounts.set(vmIn(thisPc, l1.id), outer);
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ rows: [{ Name: 'BUILD-01' }] }]);
  });

  it('refuses a wrong password of the inner machine as its own', async () => {
    const { session, l1, l2, accounts } = await entered();
    accounts.set(vmIn(vmIn(thisPc, l1.id), l2.id), { ...inner, password: 'no' });
    expect(await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))])).toMatchObject([
      { failed: { kind: 'credential-refused', record: { id: 'PSSessionOpenFailed' } } },
    ]);
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ rows: [{ Name: 'BUILD-01' }] }]);
  });

  it('tells updates that differ from a wrong password', async () => {
    const { session, l1 } = await entered();
    if (l1.guest.machine) l1.guest.machine.updates = 'before-2025-09';
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ failed: { kind: 'updates-differ' } }]);
  });

  it('tells a VM that does not run, and one that is not there', async () => {
    const { session, l1, simulator, accounts } = await entered();
    enterState(l1, 'Off', simulator.clock);
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ failed: { kind: 'wrong-state' } }]);
    const nobody = vmIn(thisPc, '00000000-0000-4000-8000-000000000000');
    accounts.set(nobody, outer);
    expect(await session.call([system(nobody)])).toMatchObject([{ failed: { kind: 'not-found' } }]);
  });

  it('is opened anew when its VM has restarted since', async () => {
    const { session, l1, simulator, count } = await entered();
    await session.call([system(vmIn(thisPc, l1.id))]);
    enterState(l1, 'Off', simulator.clock);
    enterState(l1, 'Running', simulator.clock);
    l1.bootedAt = simulator.clock.now();
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ rows: [{ Name: 'BUILD-01' }] }]);
    expect(count('New-PSSession')).toBe(2);
  });

  it('says what was under way when the VM stopped: a read is lost, a change may have happened', async () => {
    for (const [call, expected] of [
      [system, { failed: { kind: 'session-lost' } }],
      [makeSwitch, { unknown: true, failure: { kind: 'session-lost' } }],
    ] as const) {
      const { session, l1, simulator } = await entered();
      await session.call([system(vmIn(thisPc, l1.id))]);
      simulator.fault({
        cmdlet: call === system ? 'Get-CimInstance' : 'New-VMSwitch',
        effect: { kind: 'meanwhile', act: () => enterState(l1, 'Off', simulator.clock) },
      });
      expect(await session.call([call(vmIn(thisPc, l1.id), 'x')])).toMatchObject([expected]);
    }
  });

  it('ends when it is told to, after what was asked before, and those inside with it', async () => {
    const { session, l1, l2, simulator, count, behind } = await entered();
    await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))]);
    const ended = simulator.once((event) => event.kind === 'reply' && event.request.cmdlet === 'Remove-PSSession');
    const last = session.call([system(vmIn(thisPc, l1.id))]);
    session.closeGuest(vmIn(thisPc, l1.id));
    expect(await last).toMatchObject([{ rows: [{ Name: 'BUILD-01' }] }]);
    await ended;
    expect(await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))])).toMatchObject([
      { rows: [{ Name: 'RUNNER-W' }] },
    ]);
    expect(count('New-PSSession')).toBe(5);
    expect(behind.lost).toEqual([]);
  });

  it('of a VM in a VM that hangs holds up neither the VM around it nor this PC', async () => {
    const { session, simulator, l1, l2, machine } = await entered();
    await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id))]);
    const key = `${l1.id}/${l2.id}`;
    const asked = simulator.once(
      (event) => event.kind === 'call' && event.request.cmdlet === 'New-VMSwitch' && event.request.machine === key,
    );
    simulator.fault({ cmdlet: 'New-VMSwitch', effect: { kind: 'hang' } });
    const stop = new AbortController();
    const hanging = session.call([makeSwitch(vmIn(vmIn(thisPc, l1.id), l2.id), 'x')], stop.signal);
    await asked;
    expect(await session.call([system(vmIn(thisPc, l1.id))])).toMatchObject([{ rows: [{ Name: machine.name }] }]);
    expect(await session.call([system(thisPc)])).toMatchObject([{ rows: [{ Name: 'DEV-PC' }] }]);
    stop.abort();
    expect(await hanging).toMatchObject([{ unknown: true, failure: { kind: 'cancelled' } }]);
  });

  it('is given each password once, on a line of its own, and shows it nowhere', async () => {
    const { simulator, l1, l2, accounts, credentials, behind } = await entered();
    const recorded = recordedTransport(behind.shell);
    const asked: WireRequest[] = [];
    simulator.on((event) => {
      if (event.kind === 'call' && event.request.cmdlet !== 'New-PSSession') asked.push(event.request);
    });
    const session = await openSession({ transport: recorded.transport, credentials });
    const wrong = { userName: 'BUILD-01\\builder', password: 'n0t-the-right-one' };
    for (const account of [outer, wrong, outer]) {
      accounts.set(vmIn(thisPc, l1.id), account);
      await session.call([system(vmIn(vmIn(thisPc, l1.id), l2.id)), makeSwitch(vmIn(vmIn(thisPc, l1.id), l2.id), 'x')]);
      await session.call([system(vmIn(thisPc, l1.id))]);
    }
    enterState(l1, 'Off', simulator.clock);
    await session.call([system(vmIn(thisPc, l1.id))]);
    await session.close();
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const sent = [outer, inner, wrong, outer].map(({ password }) => base64(password));
    expect(recorded.secrets.map((line) => line.split(' ')[2])).toEqual(sent);
    const everything = recorded.everything();
    expect(everything).toContain('ParameterBinding(New-PSSession): name="Credential"');
    for (const { password } of [outer, inner, wrong])
      for (const text of [password, base64(password), JSON.stringify(password).slice(1, -1)])
        expect(`${everything}${JSON.stringify(asked)}`).not.toContain(text);
  });
});
