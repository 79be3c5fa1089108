/** Hosts over a real OpenSSH server: the same bridge, the test of a host, and hosts beside each other. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sleep } from '../../simulator/clock.js';
import { hostSteps, textOfAddress } from '../../src/core/machine/hosts.js';
import { acceptKey, fingerprintIn, forgetKeys, openKnownHost, testHost } from '../../src/powershell/host-test.js';
import { hostNameOf, openOverSsh } from '../../src/powershell/ssh.js';
import { sshPlace, sshWays } from '../../src/ssh-place.js';
import { credentialsFrom, Pc, readyOf } from '../pc.js';
import { hostNamed, otherPc } from '../unit/core/other-pc.js';
import { hasPowerShell } from './runtime.js';
import { accepted, asking, at, first, isNesting, labDuring, second, third, whyNot, type Behind } from './ssh-lab.js';
import { fingerprintOf, hasSshd, slowLink } from './sshd.js';
import { guidOf } from './world.js';

describe.skipIf(!hasSshd() || !(await hasPowerShell()))('hosts over SSH', () => {
  const lab = labDuring();
  let hosts: { readonly one: Behind; readonly copy: Behind; readonly denied: Behind };
  beforeAll(async () => {
    const motd =
      'Welcome to lab-1!\r\nMicrosoft Windows [Version 10.0.26100.1]\r\n\r\nC:\\Users\\mei>{"id":7,"ok":true}\n\n{"id":';
    const [one, copy, denied] = await Promise.all([
      lab.host('workstation', first, { before: motd, banner: `${'Authorized use only. '.repeat(200)}\n` }),
      lab.host('workstation', second),
      lab.host('not-admin', third),
    ]);
    hosts = { one, copy, denied };
  });

  it('are tested: ssh shows the key, nobody signs in until it is accepted, then each step passes and says who it is', async () => {
    const { one } = hosts;
    const way = one.sshd.way();
    const fingerprint = { type: 'ssh-ed25519', sha256: await fingerprintOf(one.sshd.hostKey) };
    const signedIn = one.sshd.log().includes('Accepted publickey');
    const heard: string[] = [];
    const hearing = { ...asking(one), heard: (step: string) => void heard.push(step) };
    expect(await testHost(way, hearing)).toEqual({
      passed: ['ssh-there', 'name', 'port'],
      failed: { step: 'host-key', failure: 'host-key-new', detail: '' },
      fingerprint,
    });
    expect(one.sshd.log().includes('Accepted publickey')).toBe(signedIn);
    expect(await acceptKey(way, { sha256: 'SHA256:another' })).toBe(false);
    expect(await whyNot(openOverSsh(way, asking(one)))).toMatchObject({ kind: 'host-key-new' });
    expect(await acceptKey(way, fingerprint)).toBe(true);
    expect(heard.splice(0)).toEqual(hostSteps.slice(0, 3));
    expect(await testHost(way, hearing)).toEqual({
      passed: hostSteps,
      fingerprint,
      machine: { id: first, name: 'DEV-PC' },
    });
    expect(heard).toEqual(hostSteps.slice(0, -1));
    await forgetKeys(way);
    expect(await fingerprintIn(way.keys)).toBeUndefined();
  });

  it('say that an account over there controls no VM', async () => {
    const way = await accepted(hosts.denied);
    const { passed, failed, machine } = await testHost(way, asking(hosts.denied));
    expect(passed.at(-1)).toBe('modules');
    expect(failed).toMatchObject({ step: 'rights', failure: 'access-denied' });
    expect(machine?.id).toBe(third);
  });

  it('are read, changed and undone each for itself, though VMs of two have the same ids', async () => {
    const { one, copy } = hosts;
    const [here, there] = await Promise.all([
      openKnownHost(await accepted(one), first, asking(one)),
      openKnownHost(await accepted(copy), second, asking(copy)),
    ]);
    const { clock } = one.simulator;
    const time = {
      now: () => clock.now(),
      date: () => new Date(clock.now()),
      wait: (seconds: number) => sleep(clock, seconds),
    };
    const pc = new Pc(lab.closing(here), time, new Map(), otherPc);
    const vm = guidOf(one.simulator, 'dev-box');
    expect(guidOf(copy.simulator, 'dev-box')).toBe(vm);
    const { nesting } = await pc.vm('dev-box');
    const both = async () => [(await pc.vm('dev-box')).nesting, await isNesting(there, vm)];
    const record = await pc.run(await pc.ready('dev-box', { nesting: nesting !== true }));
    expect(record.outcome).toBe('done');
    expect(await both()).toEqual([nesting !== true, nesting]);
    expect((await pc.run(readyOf(await pc.undoPlan({ record })))).outcome).toBe('done');
    expect(await both()).toEqual([nesting, nesting]);
    await there.close();
  });

  it('answer the same over a slow link', async () => {
    const { copy } = hosts;
    const way = await accepted(copy, { config: [slowLink(lab.scratch)] });
    const host = lab.closing(await openKnownHost(way, second, asking(copy)));
    const [list] = await host.call([{ cmdlet: 'Get-VM', params: {}, at }]);
    expect('rows' in list && list.rows.map(({ Name }) => Name).toSorted()).toEqual(
      [...copy.simulator.world.host.vms.values()].map(({ name }) => name).toSorted(),
    );
  });

  it('are known to other programs by what the person calls them', async () => {
    const way = hosts.one.sshd.way({ config: ['Host lab', '  HostName 127.0.0.1', 'Host *'] });
    expect(await hostNameOf({ ...way, address: { name: 'lab' } })).toBe('127.0.0.1');
  });

  it('are a place, which offers what can be done from here', async () => {
    const { one } = hosts;
    const { ssh, address } = one.sshd.way();
    const known = { id: otherPc, address: textOfAddress(address), label: 'Lab', machine: first, name: 'LAB' };
    const options = { ssh, windows: '', userData: lab.scratch, standIn: asking(one) };
    // As it is added: tested under an id of its own until it is known which computer it is.
    const ways = sshWays(options);
    const candidate = { ...known, id: hostNamed('host-ba9876543210') };
    // Added once more, it has the same key.
    for (const isSameKey of [false, true]) {
      const { fingerprint } = await ways.test(candidate, {});
      expect(fingerprint && (await ways.accept(candidate, fingerprint))).toBe(true);
      expect((await ways.test(candidate, {})).machine?.id).toBe(first);
      expect(await ways.move(candidate, known)).toBe(isSameKey);
    }
    const place = sshPlace(known, options);
    const how = { lost: () => undefined, credentials: credentialsFrom(new Map()) };
    const host = lab.closing(await place.open({ elevated: false, ...how }));
    expect(await isNesting(host, guidOf(one.simulator, 'dev-box'))).toBeTypeOf('boolean');
    await expect(place.open({ elevated: true, ...how })).rejects.toMatchObject({ failure: { kind: 'not-supported' } });
    expect(await place.act('join-group')).toEqual({ kind: 'failed', failure: { kind: 'not-supported' } });
    expect(await place.restart()).toBe(false);
    expect(await place.files.look(['C:\\x.iso'])).toEqual(new Map([['C:\\x.iso', { kind: 'unknown' }]]));
  });
});
