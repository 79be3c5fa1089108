/** Shells as the app opens them: elevated, under a policy, as another account; and how long they take. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import type { HostCall } from '../../../src/core/cmdlets/call.js';
import { snapshotCalls } from '../../../src/core/machine/snapshot.js';
import { tickCalls } from '../../../src/core/machine/tick.js';
import { newAttempt, openElevatedSession } from '../../../src/powershell/elevation.js';
import type { Session } from '../../../src/powershell/session.js';
import { median } from '../../bench/measured-app.js';
import { relayed } from '../relay.js';
import type { Live } from '../suite.js';
import { isLive } from '../target.js';

const at = thisPc;
const list = { cmdlet: 'Get-VM', params: {}, at } as const;
const modulesOf = ({ handshake }: Session) => handshake.modules.map(({ state }) => state);

const seconds = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return (performance.now() - began) / 1000;
};
async function usually(times: number, act: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await seconds(act));
  return median(all);
}

export function shellsSuite(live: () => Live): void {
  describe('a shell', () => {
    it('that is allowed for the session is elevated, and sees our VM', async () => {
      const { target, make, recorder, record, pc } = live();
      const name = await make('elevated');
      const callerSid = pc.host.handshake.identity?.sid ?? '';
      const began = performance.now();
      const opened = await openElevatedSession(target.elevate, newAttempt(callerSid, target.setup), {
        readyWithin: 120_000,
      });
      recorder.seconds('start, elevated', (performance.now() - began) / 1000);
      const session = record(opened);
      expect(session.handshake.identity?.isElevated).toBe(true);
      const [vms] = await session.call([list]);
      expect(readOf(vms).rows?.map(({ Name }) => Name)).toContain(name);
      await session.close();
    });

    it('loads every module under the policy that a client has, lifting it for itself where it must', async () => {
      const session = await live().open({ env: { PSExecutionPolicyPreference: 'Restricted' } });
      live().recorder.found('Restricted', session.handshake.policyLifted ? 'lifted' : 'notRefused');
      expect(new Set(modulesOf(session))).toEqual(new Set(['loaded']));
      const [nats] = await session.call([{ cmdlet: 'Get-CimInstance/MSFT_NetNat', params: {}, at }]);
      expect(readOf(nats).errors).toEqual([]);
    });

    it('of another account is reached through one that starts it', async () => {
      const session = await live().open({ first: relayed(live().target.shell.executable) });
      expect(session.handshake.languageMode).toBe('FullLanguage');
      const [vms] = await session.call([list]);
      expect(readOf(vms).rows?.length).toBeGreaterThan(0);
    });

    it('takes the seconds that are recorded: to start, for the modules of a lane, for a tick and for a snapshot', async () => {
      const { make, open, pc, recorder } = live();
      const vm = pc.id(await make('timed'));
      const session = await open();
      // The same value as it has: the first one opens a lane and loads its modules, the second finds them there.
      const { stopAction } = (await pc.read()).vms?.find(({ id }) => id === vm) ?? {};
      const same: HostCall = {
        cmdlet: 'Set-VM',
        params: { AutomaticStopAction: stopAction ?? 'Save' },
        at,
        on: { vm },
      };
      const first = await seconds(() => session.call([same]));
      const second = await seconds(() => session.call([same]));
      recorder.seconds('first change', first);
      recorder.seconds('second change', second);
      recorder.seconds('lane', Math.max(0, first - second));
      const ready = await open({ readyLane: true });
      for (let reads = 0; reads < 2; reads++) await ready.call(tickCalls(at));
      recorder.seconds('first change of a ready lane', await seconds(() => ready.call([same])));
      recorder.seconds('tick', await usually(5, () => session.call(tickCalls(at))));
      recorder.seconds('snapshot', await usually(3, () => session.call(Object.values(snapshotCalls(at)))));
      const { seconds: recordedSeconds } = recorder.recording({});
      expect(Object.keys(recordedSeconds)).toEqual(
        expect.arrayContaining([
          'start',
          'first change',
          'second change',
          'lane',
          'first change of a ready lane',
          'tick',
          'snapshot',
        ]),
      );
    });
  });

  // Real sign-ins: nowhere else is there an account to sign in with.
  if (isLive) accountsSuite(live);
}

function accountsSuite(live: () => Live): void {
  /** A shell of an account that is made for it, in that group. Its whole name has 20 characters at most. */
  const signedIn = async (name: string, group?: string): Promise<Session> => {
    const { target, open, recorder } = live();
    const password = `${randomBytes(18).toString('base64')}aA1!`;
    await target.act('account', name, { password, ...(group === undefined ? {} : { group }) });
    const user = `${target.prefix.replace('hn-live-', 'hnl-')}-${name}`;
    recorder.hide(user);
    return await open({ first: relayed(target.shell.executable, { user, password }) });
  };
  const seenBy = async (session: Session) => {
    const [vms, host] = await session.call([list, { cmdlet: 'Get-VMHost', params: {}, at }]);
    const failure = readOf(host).errors[0];
    await session.close();
    live().recorder.found('Get-VMHost without rights', failure?.record?.id ?? 'answers');
    return {
      inToken: session.handshake.identity?.inToken,
      vms: readOf(vms).rows?.length,
      errors: readOf(vms).errors.length,
      host: failure?.kind ?? 'answers',
    };
  };

  describe('an account', () => {
    it('without a right sees no VM and no error, and is refused the host', async () => {
      await live().make('unseen');
      const seen = await seenBy(await signedIn('no'));
      expect(seen).toEqual({ inToken: false, vms: 0, errors: 0, host: 'access-denied' });
    });

    it('in Hyper-V Administrators has that in its token and sees the VMs, not elevated', async () => {
      const session = await signedIn('in', 'S-1-5-32-578');
      const seen = await seenBy(session);
      expect([session.handshake.identity?.isElevated, session.handshake.identity?.isMember]).toEqual([false, true]);
      expect(seen).toMatchObject({ inToken: true, errors: 0, host: 'answers' });
      expect(seen.vms).toBeGreaterThan(0);
    });

    it('that may elevate sees them just when it is elevated', async () => {
      const session = await signedIn('adm', 'S-1-5-32-544');
      const { isElevated = false, isAdministrator } = session.handshake.identity ?? {};
      live().recorder.found('a second admin, signed in', isElevated ? 'elevated' : 'filtered');
      const seen = await seenBy(session);
      expect([isAdministrator, (seen.vms ?? 0) > 0, seen.host]).toEqual([
        true,
        isElevated,
        isElevated ? 'answers' : 'access-denied',
      ]);
    });
  });
}
