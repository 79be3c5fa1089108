/** Who is signed in where: what is kept in memory, when a session is ended, and what a refusal leaves as it was. */
import { vmIn, thisPc, idOf, textOf, type VmRef, type MachineRef } from '../../../src/core/cmdlets/ref.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure, Guid } from '../../../src/core/cmdlets/call.js';
import { withMachine } from '../../../src/core/machine/tree.js';
import type { Machine } from '../../../src/core/machine/machine.js';
import { Guests } from '../../../src/shell/guests.js';
import { KeptAccounts, type Vault } from '../../../src/shell/kept-accounts.js';
import { guid, hostOf, machineOf, vmOf } from '../core/worlds.js';
import { hearing } from './keeping.js';

const vault: Vault = {
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (bytes) => Buffer.from(bytes).reverse().toString(),
};
const at = vmIn(thisPc, guid(1));
const inner = vmIn(vmIn(thisPc, guid(1)), guid(2));
const right = { userName: 'dev', password: 'right' };

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hypernest-guests-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 9 }));

/** A guest that lets in whoever knows the password, and timers that a test lets run out. */
function lab(sealed: Vault = vault) {
  const guest: Machine = { at, host: hostOf({ name: 'LAB' }), vms: [vmOf(2, { state: 'Running' })] };
  let root = machineOf({}, [vmOf(1, { state: 'Running', heartbeat: 'OkApplicationsHealthy' })]);
  const closed: Guid[] = [];
  const timers = new Set<() => void>();
  let changes = 0;
  const keeping = hearing();
  const kept = new KeptAccounts(path.join(folder, 'a.json'), sealed, keeping);
  const guests: Guests = new Guests({
    host: () => ({ closeGuest: (vm) => closed.push(idOf(vm)) }),
    machine: () => root,
    read: (path): Promise<Machine | Failure> => {
      const credential = guests.credentials(path)?.at(-1);
      guests.used(path);
      if (!credential) return Promise.resolve({ kind: 'no-credentials' });
      if (credential.password !== 'right') return Promise.resolve({ kind: 'credential-refused' });
      root = withMachine(root, path, { ...guest, at: path });
      return Promise.resolve(guest);
    },
    forget: (path) => {
      root = withMachine(root, path, null);
      return Promise.resolve();
    },
    kept,
    changed: () => changes++,
    after: (_, act) => {
      timers.add(act);
      return () => timers.delete(act);
    },
  });
  return {
    guests,
    kept,
    told: keeping.told,
    closed,
    root: () => root,
    changes: () => changes,
    timers: () => timers.size,
    runOut: () => {
      for (const act of [...timers]) {
        timers.delete(act);
        act();
      }
    },
    stop: () => {
      root = machineOf({}, [vmOf(1, { state: 'Off' })]);
      guests.noticed(root);
    },
  };
}

describe('entering', () => {
  it('lets in, shows what is inside, and knows the account from then on', async () => {
    const { guests, root } = lab();
    expect(await guests.enter({ at, ...right, remember: false })).toEqual({ kind: 'open' });
    expect(guests.states).toEqual({ [textOf(at)]: { status: 'open', userName: 'dev', remembered: false } });
    expect(guests.credentials(at)).toEqual([right]);
    expect(root().vms?.[0]?.guest?.host.name).toBe('LAB');
  });

  it('with a wrong password leaves nobody in, and the account of before as it was', async () => {
    const { guests } = lab();
    expect(await guests.enter({ at, userName: 'dev', password: 'no', remember: true })).toMatchObject({
      kind: 'refused',
      why: 'wrong-password',
    });
    expect(guests.credentials(at)).toBeUndefined();
    await guests.enter({ at, ...right, remember: false });
    await guests.enter({ at, userName: 'other', password: 'no', remember: false });
    expect(guests.credentials(at)).toEqual([right]);
  });

  it('with a blank password is not even tried: Windows refuses it whatever the account', async () => {
    const { guests, timers } = lab();
    expect(await guests.enter({ at, userName: 'dev', password: '', remember: false })).toMatchObject({
      why: 'blank-password',
    });
    expect(timers()).toBe(0);
  });

  it('needs an account for each machine of the path', async () => {
    const { guests } = lab();
    expect(await guests.enter({ at: inner, ...right, remember: false })).toMatchObject({ kind: 'refused' });
    await guests.enter({ at, ...right, remember: false });
    expect(guests.credentials(inner)).toBeUndefined();
    await guests.enter({ at: inner, ...right, remember: false });
    expect(guests.credentials(inner)).toEqual([right, right]);
  });

  it('keeps the account only when that was asked for, and finds it at the next start', async () => {
    const { guests, kept } = lab();
    await guests.enter({ at, ...right, remember: false });
    expect(kept.list).toEqual([]);
    await guests.enter({ at, ...right, remember: true });
    const again = lab();
    again.guests.noticed(again.root());
    expect(again.guests.states).toEqual({ [textOf(at)]: { status: 'closed', userName: 'dev', remembered: true } });
    // Its password goes to nobody before somebody has clicked.
    expect(again.guests.credentials(at)).toBeUndefined();
    expect(await again.guests.look(at)).toEqual({ kind: 'no-credentials' });
    await again.guests.signInKept(at);
    expect(again.guests.states).toEqual({ [textOf(at)]: { status: 'open', userName: 'dev', remembered: true } });
    expect(again.guests.credentials(at)).toEqual([right]);
  });
});

describe('an account that cannot be kept', () => {
  const open = { status: 'open', userName: 'dev' };
  it('on a disk that takes no file is kept until the app ends: who has signed in is in', async () => {
    fs.mkdirSync(path.join(folder, 'a.json'));
    const { guests, told } = lab();
    expect(await guests.enter({ at, ...right, remember: true })).toEqual({ kind: 'open' });
    expect(guests.states[textOf(at)]).toMatchObject({ ...open, remembered: true });
    expect(told.at(-1)).toEqual({ why: 'in-the-way', path: path.join(folder, 'a.json') });
    await guests.forgetAccount(at);
    expect(guests.credentials(at)).toBeUndefined();
  });

  it('since the system does not encrypt it is not kept, and who has signed in is in', async () => {
    const { guests, told } = lab({
      ...vault,
      encryptString: () => {
        throw new Error('no key');
      },
    });
    expect(await guests.enter({ at, ...right, remember: true })).toEqual({ kind: 'open' });
    expect(guests.states[textOf(at)]).toMatchObject({ ...open, remembered: false });
    expect(told.at(-1)?.why).toBe('not-encrypted');
    expect(guests.credentials(at)).toEqual([right]);
  });
});

describe('a kept account', () => {
  async function keptOf(...paths: readonly VmRef[]) {
    const first = lab();
    for (const path of paths) await first.guests.enter({ at: path, ...right, remember: true });
    const again = lab();
    again.guests.noticed(again.root());
    return again;
  }

  it('of one machine is not sent to another with the same click', async () => {
    const { guests } = await keptOf(at, inner);
    await guests.signInKept(at);
    expect(guests.credentials(at)).toEqual([right]);
    expect(guests.credentials(inner)).toBeUndefined();
    await guests.signInKept(inner);
    expect(guests.credentials(inner)).toEqual([right, right]);
  });

  it('of a nested VM does not take the one of its machine along', async () => {
    const { guests } = await keptOf(at, inner);
    await guests.signInKept(inner);
    expect(guests.credentials(inner)).toBeUndefined();
    expect(guests.credentials(at)).toBeUndefined();
  });

  it('is sent everywhere after a click for all of them, to the outer machine first', async () => {
    const { guests } = await keptOf(at, inner);
    await guests.signInKept(null);
    expect(Object.values(guests.states).map(({ status }) => status)).toEqual(['open', 'open']);
  });

  it('is sent again by itself after its click, until somebody signs out', async () => {
    const { guests, runOut } = await keptOf(at);
    await guests.signInKept(at);
    runOut();
    expect(guests.credentials(at)).toEqual([right]);
    await guests.leave(at);
    expect(guests.credentials(at)).toBeUndefined();
    expect(guests.states[textOf(at)]).toMatchObject({ status: 'closed', remembered: true });
  });

  it('that was refused is not sent again by itself', async () => {
    const { guests, kept } = await keptOf(at);
    kept.keep(at, 'LAB', { userName: 'dev', password: 'changed since' });
    await guests.signInKept(at);
    expect(guests.states[textOf(at)]).toMatchObject({ status: 'refused', why: 'wrong-password' });
    expect(guests.credentials(at)).toBeUndefined();
  });
});

describe('trying an account', () => {
  /** Readings that a test lets end. */
  function slowLab() {
    const kept = new KeptAccounts(path.join(folder, 'slow.json'), vault, hearing());
    const readings: { readonly password: string | undefined; readonly end: (answer?: Failure) => void }[] = [];
    const forgotten: MachineRef[] = [];
    const closed: Guid[] = [];
    const guests: Guests = new Guests({
      host: () => ({ closeGuest: (vm) => closed.push(idOf(vm)) }),
      machine: () => machineOf({}, [vmOf(1, { state: 'Running' })]),
      read: (path) =>
        new Promise((resolve) =>
          readings.push({
            password: guests.credentials(path)?.at(-1)?.password,
            end: (answer) => resolve(answer ?? { at, host: hostOf({ name: 'LAB' }), vms: [] }),
          }),
        ),
      forget: async (path) => void forgotten.push(path),
      kept,
      changed: () => undefined,
      after: () => () => undefined,
    });
    const next = (count: number) => vi.waitFor(() => expect(readings).toHaveLength(count));
    return { guests, kept, readings, forgotten, closed, next };
  }

  it('never joins an older reading: a wrong password is not taken because the right one was, nor the right one lost', async () => {
    const { guests, kept, readings, next } = slowLab();
    const first = guests.enter({ at, ...right, remember: false });
    await next(1);
    readings[0]?.end();
    await first;
    const look = guests.look(at, { roles: true });
    await next(2);
    const wrong = guests.enter({ at, userName: 'dev', password: 'WRONG', remember: true });
    readings[1]?.end();
    await look;
    await next(3);
    expect(readings.map(({ password }) => password)).toEqual(['right', 'right', 'WRONG']);
    // What is asked meanwhile waits until it is known which account holds.
    const later = guests.look(at);
    readings[2]?.end({ kind: 'credential-refused' });
    expect(await wrong).toMatchObject({ kind: 'refused', why: 'wrong-password' });
    await next(4);
    readings[3]?.end();
    await later;
    expect(readings[3]?.password).toBe('right');
    expect([guests.credentials(at), kept.list]).toEqual([[right], []]);
  });

  it.each(['refused', 'taken'] as const)(
    'that is given up meanwhile leaves nothing, were it %s or not',
    async (end) => {
      const { guests, kept, readings, forgotten, next } = slowLab();
      const entered = guests.enter({ at, ...right, remember: true });
      await next(1);
      await guests.leave(at);
      readings[0]?.end(end === 'refused' ? { kind: 'credential-refused' } : undefined);
      expect(await entered).toMatchObject({ kind: 'refused' });
      expect([guests.credentials(at), kept.list, guests.states]).toEqual([undefined, [], {}]);
      expect(forgotten).toHaveLength(2);
    },
  );

  it('twice at once tries one after the other, and each by its own password', async () => {
    const { guests, readings, next } = slowLab();
    const one = guests.enter({ at, userName: 'dev', password: 'first', remember: false });
    await next(1);
    const two = guests.enter({ at, ...right, remember: false });
    readings[0]?.end();
    await next(2);
    readings[1]?.end({ kind: 'credential-refused' });
    expect((await one).kind).toBe('refused');
    expect((await two).kind).toBe('refused');
    expect(readings.map(({ password }) => password)).toEqual(['first', 'right']);
    expect(guests.credentials(at)).toBeUndefined();
  });

  it('ends the session that it was tried in when it does not hold', async () => {
    const { guests, readings, closed, next } = slowLab();
    const entered = guests.enter({ at, ...right, remember: false });
    await next(1);
    const before = closed.length;
    readings[0]?.end({ kind: 'not-administrator' });
    await entered;
    expect(closed.slice(before)).toEqual([guid(1)]);
  });
});

describe('a session', () => {
  it('ends after five idle minutes, and not while it is of use; the account stays known', async () => {
    const { guests, closed, timers, runOut } = lab();
    await guests.enter({ at, ...right, remember: false });
    const before = closed.length;
    guests.used(at);
    guests.used(inner);
    expect(timers()).toBe(1);
    runOut();
    expect(closed.slice(before)).toEqual([guid(1)]);
    expect(guests.credentials(at)).toEqual([right]);
  });

  it('ends when its VM stops; what was inside is not shown any more', async () => {
    const { guests, closed, stop, timers } = lab();
    await guests.enter({ at, ...right, remember: false });
    stop();
    expect(closed.at(-1)).toBe(guid(1));
    expect(timers()).toBe(0);
    expect(guests.states[textOf(at)]?.status).toBe('closed');
  });

  it('that is left forgets every password of that machine and of those inside it', async () => {
    const { guests, root } = lab();
    await guests.enter({ at, ...right, remember: false });
    await guests.enter({ at: inner, ...right, remember: false });
    await guests.leave(at);
    expect([guests.credentials(at), guests.credentials(inner)]).toEqual([undefined, undefined]);
    expect(guests.states).toEqual({});
    expect(root().vms?.[0]?.guest).toBeUndefined();
  });

  it('of a kept account that is forgotten asks again', async () => {
    const { guests, kept } = lab();
    await guests.enter({ at, ...right, remember: true });
    await guests.leave(at);
    await guests.signInKept(at);
    expect(guests.credentials(at)).toEqual([right]);
    await guests.forgetAccount(at);
    expect([kept.list, guests.credentials(at)]).toEqual([[], undefined]);
  });
});
