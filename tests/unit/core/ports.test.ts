/** Host ports that lead to a VM: planned, carried out and undone on a simulated PC some of whose ports are in use. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thisPc, vmIn } from '../../../src/core/cmdlets/ref.js';
import { renderPlan, toScript } from '../../../src/core/change/script.js';
import { inverseOf } from '../../../src/core/change/inverse.js';
import type { Plan, PlanResult } from '../../../src/core/change/step.js';
import { titleOfFailure } from '../../../src/core/errors/failures.js';
import type { PortWant } from '../../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { withPorts } from '../../../src/core/machine/port-reading.js';
import { ifRead } from '../../../src/core/machine/reading.js';
import { vmAt } from '../../../src/core/machine/tree.js';
import { addressWant } from '../../../src/core/network/own-address.js';
import { withoutPorts } from '../../../src/core/network/mappings.js';
import { parsePort, portsOf, resolvePorts } from '../../../src/core/network/ports.js';
import { threeWay } from '../../../src/core/run/undo.js';
import { sleep } from '../../../simulator/clock.js';
import type { ScenarioName } from '../../../simulator/scenarios/scenarios.js';
import { readyOf, scenarioWorld, story, type Carried, type RunWorld } from './run-world.js';

interface Lab {
  readonly pc: RunWorld;
  readonly now: () => Promise<{ readonly machine: Machine; readonly vm: Vm }>;
}

async function lab(name: ScenarioName = 'port-taken', { isEntered = true, elevated = true } = {}): Promise<Lab> {
  const pc = scenarioWorld(name, { elevated });
  await pc.read();
  const ref = vmIn(thisPc, pc.id('lab'));
  if (isEntered) await pc.enter(ref, { userName: 'dev', password: 'lab' });
  const now = async () => {
    await pc.reader.readNetwork();
    const machine = isEntered ? await pc.readInside() : await pc.read();
    const vm = vmAt(machine, ref);
    if (!vm) throw new Error('no lab');
    return { machine, vm };
  };
  await now();
  return { pc, now };
}

const http: PortWant = { protocol: 'TCP', hostPort: 8081, vmPort: 80 };
const closed = { ...http, hostPort: 8443, vmPort: null };

it('a list of ports that names one ID twice has it once: the first', async () => {
  const { now } = await lab();
  const { network } = (await now()).machine;
  if (!network) throw new Error('no network');
  const row = { StaticMappingID: 1, NatName: 'NAT', Protocol: '6', InternalIPAddress: '10.0.0.2', InternalPort: 80 };
  const rows = [80, 81].map((ExternalPort) => ({ ...row, ExternalPort }));
  const none = { rows: [], errors: [] };
  const read = withPorts(network, { mappings: { rows, errors: [] }, tcp: none, udp: none });
  expect(ifRead(read.mappings, [], (all) => all.map(({ hostPort }) => hostPort))).toEqual([80]);
});

const mappings = ({ pc }: Lab) => pc.simulator.world.host.network.ports.mappings;
const cmdletsOf = ({ chains }: Pick<Plan, 'chains'>): readonly string[] =>
  chains.flatMap(({ steps }) => steps.map(({ do: act }) => ('call' in act ? act.call.cmdlet : 'wait')));
const why = (result: PlanResult) =>
  result.kind === 'blocked' ? result.by.flatMap(({ checks }) => checks.map(({ title }) => title)) : result.kind;

async function undoAll({ pc }: Lab, run: Carried): Promise<void> {
  const plan = await pc.undoPlan(run);
  if (plan.kind !== 'already-so') expect((await pc.carryOut(readyOf(plan))).outcome).toBe('done');
}

it('a port of this PC leads to the VM, and is undone by the number that Windows gave it', async () => {
  const one = await lab();
  const before = [...mappings(one)];
  const plan = readyOf(await one.pc.plan('lab', { ports: [http] }));
  const text = toScript(renderPlan(plan));
  expect(text).toContain(
    "Add-NetNatStaticMapping -Protocol TCP -ExternalIPAddress '0.0.0.0/0' -NatName LocalNAT -ExternalPort 8081 -InternalIPAddress '192.168.100.2' -InternalPort 80",
  );
  expect(text).toContain('#Requires -RunAsAdministrator');
  expect(text).toContain('Get-NetNatStaticMapping | Select-Object StaticMappingID');
  expect(plan.remarks?.map(({ title }) => title.key)).toEqual(['ports.open']);
  const run = await one.pc.carryOut(plan);
  expect([run.outcome, story(run)]).toEqual(['done', ['done Add-NetNatStaticMapping/TCP']]);
  expect(mappings(one).at(-1)).toEqual({ ...http, id: 2, natName: 'LocalNAT', address: '192.168.100.2' });
  expect((await one.pc.plan('lab', { ports: [http] })).kind).toBe('already-so');
  const undo = readyOf(await one.pc.undoPlan(run));
  expect(toScript(renderPlan(undo))).toContain(
    "Get-NetNatStaticMapping | Where-Object StaticMappingID -eq '2' | Remove-NetNatStaticMapping -Confirm:$false",
  );
  await undoAll(one, run);
  expect(mappings(one)).toEqual(before);
  expect(Object.values(await one.pc.verdicts(run))).toEqual(['already-so']);
});

it('somebody else’s of the same kind is not what a run has made', async () => {
  const one = await lab();
  const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [http] })));
  const { ports } = one.pc.simulator.world.host.network;
  ports.mappings = ports.mappings.map((each) => (each.id === 2 ? { ...each, id: 9 } : each));
  expect(Object.values(await one.pc.verdicts(run))).toEqual(['already-so']);
  ports.mappings = ports.mappings.map((each) => (each.id === 9 ? { ...each, id: 2, vmPort: 81 } : each));
  expect(Object.values(await one.pc.verdicts(run))).toEqual(['one-way']);
});

it('one that is given up is removed by its number, and handed on again by the undo', async () => {
  const one = await lab();
  const plan = readyOf(await one.pc.plan('lab', { ports: [closed] }));
  expect(toScript(renderPlan(plan))).toContain("Where-Object StaticMappingID -eq '1' | Remove-NetNatStaticMapping");
  expect(cmdletsOf(inverseOf((await one.now()).machine, plan))).toEqual(['Add-NetNatStaticMapping/TCP']);
  const run = await one.pc.carryOut(plan);
  expect(story(run)).toEqual(['done Remove-NetNatStaticMapping']);
  expect(mappings(one).map(({ hostPort }) => hostPort)).toEqual([2222]);
  expect((await one.pc.plan('lab', { ports: [closed] })).kind).toBe('already-so');
  await undoAll(one, run);
  expect(mappings(one).at(-1)).toMatchObject({ hostPort: 8443, vmPort: 443, address: '192.168.100.2' });
  // That of another VM is none of this one's.
  expect((await one.pc.plan('lab', { ports: [{ ...closed, hostPort: 2222 }] })).kind).toBe('already-so');
});

describe('one that is given up is handed on again to where it led,', () => {
  const target = { hostPort: 8443, vmPort: 443, address: '192.168.100.2' };

  it('whether or not the VM tells its address by now', async () => {
    const one = await lab();
    const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [closed] })));
    await one.pc.do('lab', { power: 'off' });
    const { machine, vm } = await one.now();
    const { lastAddresses: _, ...unheard } = vm;
    expect(portsOf(machine, unheard)).toMatchObject({ key: 'ports.addressUnknown' });
    await undoAll(one, run);
    expect(mappings(one).at(-1)).toMatchObject(target);
  });

  it('and to no other address, nor to another VM that has it', async () => {
    const one = await lab();
    const { machine, vm } = await one.now();
    const want = { ...closed, vmPort: 443, address: '192.168.100.9' };
    const around = withoutPorts(machine, [closed]);
    expect(resolvePorts(around, vm, [want])).toMatchObject({ missing: [{ address: '192.168.100.9' }], problem: null });
    for (const address of ['10.0.0.1', '192.168.100.2 ; calc', '192.168.100.300', ''])
      expect(resolvePorts(around, vm, [{ ...want, address }])).toMatchObject({
        missing: [],
        problem: { key: 'ports.noAddress' },
      });
    const other = { ...vm, id: 'other', name: 'other' };
    const crowded = { ...around, vms: [...(around.vms ?? []), other] };
    expect(resolvePorts(crowded, vm, [{ ...want, address: '192.168.100.2' }]).problem).toEqual({
      key: 'ports.addressOfOther',
      params: { address: '192.168.100.2', name: 'other' },
    });
  });
});

describe('what stands in the way is named before anything runs:', () => {
  const tcp = (hostPort: number): PortWant => ({ ...http, hostPort });
  it.each<[string, readonly PortWant[], object]>([
    ['another mapping', [tcp(2222)], { key: 'ports.taken', params: { port: '2222', target: '192.168.100.7:22' } }],
    ['a program', [tcp(8080)], { key: 'ports.listeningAs', params: { port: '8080', process: '4321' } }],
    ['asked for twice', [tcp(9000), tcp(9000)], { key: 'ports.twice' }],
    ['no port', [tcp(0)], { key: 'ports.notAPort' }],
    ['no port either', [tcp(65_536)], { key: 'ports.notAPort' }],
  ])('%s', async (_, ports, title) => {
    const one = await lab();
    expect(why(await one.pc.plan('lab', { ports }))).toMatchObject([title]);
    expect(mappings(one)).toHaveLength(2);
  });

  it('a program that waits for this PC alone, or at the port of the other protocol, is not in the way', async () => {
    const one = await lab();
    one.pc.simulator.world.host.network.ports.listeners.push(
      { protocol: 'TCP', address: '127.0.0.1', port: 9000, process: 1 },
      { protocol: 'UDP', address: '0.0.0.0', port: 9001, process: 1 },
    );
    expect((await one.pc.plan('lab', { ports: [tcp(9000), tcp(9001)] })).kind).toBe('ready');
    expect((await one.pc.plan('lab', { ports: [{ ...tcp(2222), protocol: 'UDP' }] })).kind).toBe('ready');
  });

  it('no address that stays', async () => {
    const one = await lab('wifi-laptop');
    expect(why(await one.pc.plan('lab', { ports: [http] }))).toMatchObject([{ key: 'ports.noAddress' }]);
  });

  it('an address by DHCP', async () => {
    const one = await lab();
    const [card] = one.pc.simulator.outside.vm('lab').guest.machine?.network.cards ?? [];
    if (card) card.dhcp = true;
    await one.now();
    expect(why(await one.pc.plan('lab', { ports: [http] }))).toMatchObject([{ key: 'ports.notFixed' }]);
  });

  it('a shell that is not elevated', async () => {
    const one = await lab('port-taken', { elevated: false });
    for (const ports of [[http], [closed]])
      expect(await one.pc.plan('lab', { ports })).toMatchObject({
        kind: 'blocked',
        by: [{ checks: [{ id: 'elevated', fix: { act: 'allow-session' } }] }],
      });
  });
});

it('a port that Windows keeps is refused by Windows alone, and its cause is named', async () => {
  const one = await lab();
  const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [{ ...http, hostPort: 50_007 }] })));
  const failure = run.events.flatMap((event) => (event.kind === 'step' && event.failure) || [])[0];
  expect([run.outcome, failure?.kind, failure && titleOfFailure(failure).key]).toEqual([
    'failed',
    'in-use',
    'errors.portTaken',
  ]);
  expect(mappings(one)).toHaveLength(2);
});

it('a port that is taken after the plan was made stops the run before it is asked for', async () => {
  const one = await lab();
  const plan = readyOf(await one.pc.plan('lab', { ports: [http] }));
  one.pc.simulator.world.host.network.ports.listeners.push({ protocol: 'TCP', address: '::', port: 8081, process: 77 });
  const run = await one.pc.carryOut(plan);
  expect([run.outcome, mappings(one).length]).toEqual(['failed', 2]);
  const stopped = run.events.flatMap((event) => (event.kind === 'stopped' ? [event.why.key] : []));
  expect(stopped).toEqual(['ports.listeningAs']);
});

describe('the ports of a VM that is off', () => {
  const adapter = (vm: Vm) => ifRead(vm.adapters, undefined, (all) => all[0]);

  it('are listed at it by the address that it had last, and are added, removed and undone as any', async () => {
    const one = await lab();
    await one.pc.do('lab', { power: 'off' });
    const { machine, vm } = await one.now();
    expect([vm.lastAddresses, adapter(vm)?.addresses]).toEqual([['192.168.100.2'], []]);
    expect(portsOf(machine, vm)).toMatchObject([{ hostPort: 8443 }]);
    const before = [...mappings(one)];
    const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [http, closed] })));
    expect([run.outcome, mappings(one).map(({ hostPort }) => hostPort)]).toEqual(['done', [2222, 8081]]);
    expect(mappings(one).at(-1)).toMatchObject({ address: '192.168.100.2', vmPort: 80 });
    await undoAll(one, run);
    expect(
      mappings(one)
        .map(({ hostPort }) => hostPort)
        .toSorted(),
    ).toEqual(before.map(({ hostPort }) => hostPort).toSorted());
  });

  it('are not those of another VM that has its address by now', async () => {
    const one = await lab();
    await one.pc.do('lab', { power: 'off' });
    const { machine, vm } = await one.now();
    const card = adapter(vm);
    if (!card) throw new Error('no adapter');
    const other: Vm = {
      ...vm,
      id: 'a0000000-0000-4000-8000-00000000000a',
      name: 'other',
      adapters: [{ ...card, addresses: ['192.168.100.2'] }],
    };
    // It tells it, or had it last too.
    for (const one of [other, { ...vm, id: other.id }])
      expect(portsOf({ ...machine, vms: [...ifRead(machine.vms, [], (all) => all), one] }, vm)).toMatchObject({
        key: 'ports.addressUnknown',
      });
  });

  it('are forgotten with its running: what it tells then counts alone', async () => {
    const one = await lab();
    await one.pc.do('lab', { power: 'off' });
    await one.pc.do('lab', { power: 'running' });
    expect((await one.now()).vm.lastAddresses).toEqual(['192.168.100.2']);
    await sleep(one.pc.simulator.clock, 120);
    expect((await one.now()).vm).not.toHaveProperty('lastAddresses');
  });
});

it('without an account inside, the address that the guest tells is the one: nothing assigns any there', async () => {
  const one = await lab('port-taken', { isEntered: false });
  const { machine, vm } = await one.now();
  expect(portsOf(machine, vm)).toMatchObject([{ hostPort: 8443 }]);
  await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [http] })));
  expect(mappings(one).at(-1)).toMatchObject({ hostPort: 8081, address: '192.168.100.2' });
});

it('the address that it needs is made in the same change, and goes with it', async () => {
  const one = await lab('wifi-laptop');
  const { machine, vm } = await one.now();
  const address = addressWant(machine, vm);
  if (!address) throw new Error('no address');
  const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address, ports: [http] })));
  expect(run.outcome).toBe('done');
  expect(story(run).at(-1)).toBe('done Add-NetNatStaticMapping/TCP');
  expect(mappings(one)).toMatchObject([{ hostPort: 8081, address: address.address?.address }]);
  expect((await one.pc.plan('lab', { address, ports: [http] })).kind).toBe('already-so');
  await undoAll(one, run);
  expect([mappings(one), one.pc.simulator.world.host.network.nats]).toEqual([[], []]);
});

describe('a NAT network that later ports need is not taken from under them:', () => {
  /** An address that stays, then a port of a later run. */
  async function both() {
    const one = await lab('wifi-laptop');
    const { machine, vm } = await one.now();
    const want = addressWant(machine, vm);
    if (!want) throw new Error('no address');
    const address = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { address: want })));
    const ports = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports: [http] })));
    return { one, address, ports };
  }
  const nats = ({ pc }: Lab) => pc.simulator.world.host.network.nats;
  const natOf = async ({ pc }: Lab, run: Carried): Promise<readonly string[]> =>
    Object.entries(await pc.verdicts(run)).flatMap(([path, verdict]) => (path.startsWith('around/') ? [verdict] : []));

  it('it stays with the port, until that is gone', async () => {
    const { one, address, ports } = await both();
    expect(await natOf(one, address)).toEqual(['somebody-else', 'somebody-else', 'somebody-else']);
    await undoAll(one, address);
    expect([nats(one).length, mappings(one).length]).toEqual([1, 1]);
    await undoAll(one, ports);
    await undoAll(one, address);
    expect([nats(one), mappings(one)]).toEqual([[], []]);
  });

  it('the other way round all goes', async () => {
    const { one, address, ports } = await both();
    await undoAll(one, ports);
    await undoAll(one, address);
    expect([nats(one), mappings(one)]).toEqual([[], []]);
  });

  it('where the ports could not be read, nobody knows', async () => {
    const { one, address } = await both();
    const { machine } = await one.now();
    if (!machine.network) throw new Error('no network');
    const unread = { ...machine, network: { ...machine.network, mappings: undefined } };
    const ways = threeWay(address.record, unread).filter(({ made }) => made);
    expect(ways.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

it('any ports: planned, so afterwards, not planned twice, and undone to what was', async () => {
  const free = (port: number): boolean =>
    ![135, 445, 2222, 5353, 8080, 8443].includes(port) && !(port >= 50_000 && port <= 50_059);
  const port = fc.integer({ min: 1, max: 65_535 });
  const wants = fc.uniqueArray(
    fc.record({ protocol: fc.constantFrom('TCP' as const, 'UDP' as const), hostPort: port.filter(free), vmPort: port }),
    { selector: ({ protocol, hostPort }) => `${protocol} ${String(hostPort)}`, minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(wants, fc.boolean(), async (added, isOneLess) => {
      const one = await lab();
      const was = mappings(one).map(({ id: _, ...rest }) => rest);
      const ports: readonly PortWant[] = [...added, ...(isOneLess ? [closed] : [])];
      const run = await one.pc.carryOut(readyOf(await one.pc.plan('lab', { ports })));
      expect(run.outcome).toBe('done');
      const leading = mappings(one).filter(({ address }) => address === '192.168.100.2');
      expect(leading).toHaveLength(added.length + (isOneLess ? 0 : 1));
      for (const want of added) expect(leading).toContainEqual(expect.objectContaining(want));
      expect((await one.pc.plan('lab', { ports })).kind).toBe('already-so');
      await undoAll(one, run);
      const rest = mappings(one).map(({ id: _, ...each }) => each);
      expect(rest.toSorted((a, b) => a.hostPort - b.hostPort)).toEqual(was);
    }),
    { numRuns: 25 },
  );
});

it.each<[string, number | undefined]>([
  ['80', 80],
  [' 65535 ', 65_535],
  ['0', undefined],
  ['65536', undefined],
  ['8o', undefined],
  ['1e3', undefined],
  ['', undefined],
])('%j is the port %j', (text, port) => expect(parsePort(text)).toBe(port));
