/** What an address that stays has made, taken away by an elevated shell on the real engine once its VM is deleted. */
import { expect, it, onTestFinished } from 'vitest';
import { manualClock, sleep } from '../../simulator/clock.js';
import { createScenario } from '../../simulator/scenarios/scenarios.js';
import { serveSimulator } from '../../simulator/server.js';
import { newAttempt, openElevatedSession } from '../../src/powershell/elevation.js';
import { addressWant } from '../../src/core/network/own-address.js';
import { Pc, readyOf, story } from '../pc.js';
import { elevateIn, hasPowerShell, shellFor } from './runtime.js';
import { IDENTITY } from './world.js';

it.skipIf(!(await hasPowerShell()))('goes by its ids, and nothing else does', async () => {
  const simulator = createScenario('wifi-laptop', { clock: manualClock({ auto: true }) });
  const server = await serveSimulator(simulator);
  onTestFinished(() => server.close());
  const shell = await shellFor(simulator, server.address, { elevated: true });
  const attempt = newAttempt('S-1-5-21-1004336348-1177238915-682003330-1001', {
    identity: IDENTITY,
    standIn: shell.standIn,
  });
  const session = await openElevatedSession(elevateIn(shell), attempt);
  onTestFinished(() => session.close());
  const { clock, outside, world } = simulator;
  const wait = (seconds: number) => sleep(clock, seconds);
  const pc = new Pc(session, { now: () => clock.now(), date: () => new Date(clock.now()), wait });
  const of = () => {
    const { addresses, nats } = world.host.network;
    return structuredClone([world.host.switches.map(({ id }) => id), addresses, nats]);
  };
  const before = of();
  await pc.read();
  await pc.reader.readNetwork();
  const lab = await pc.vm('lab');
  const { machine } = pc.reader;
  const address = machine && addressWant(machine, lab);
  if (!address) throw new Error('no address is offered');
  const run = await pc.run(await pc.ready('lab', { address }));
  expect([run.outcome, of()[2]]).toMatchObject(['done', [{ name: address.natName }]]);
  outside.remove(lab.id);
  const undone = await pc.run(readyOf(await pc.undoPlan({ record: run })));
  expect(story(undone)).toEqual(['done Remove-NetNat', 'done Remove-NetIPAddress', 'done Remove-VMSwitch']);
  expect(of()).toEqual(before);
});
