import { vmIn, thisPc } from '../../src/core/cmdlets/ref.js';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Proof as ProofOf } from '../../src/core/network/proof.js';
import Proof from '../../renderer/pages/Proof.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { goalFor } from '../../renderer/state/quick.js';
import { route } from '../../renderer/state/route.svelte.js';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import ThreeWayTables from '../../renderer/wizard/ThreeWayTables.svelte';
import type { Goal, NetworkWant, Thing } from '../../src/core/machine/goal.js';
import type { Machine } from '../../src/core/machine/machine.js';
import { planWants } from '../../src/core/change/plan.js';
import type { Plan } from '../../src/core/change/step.js';
import type { ThreeWay } from '../../src/core/run/undo.js';
import { renderPlan } from '../../src/core/change/script.js';
import { madePath } from '../../src/core/change/paths.js';
import { chainOf, eventsOf, planOf, runOf, stepEvent, stepOf } from '../unit/renderer/fixtures.js';
import { fakeMain, stateOf, type FakeMain } from './bridge.js';
import { adapter, L1, notConnected, world, type World } from './network-world.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

beforeEach(() => route.go({ page: 'machines' }));

const goalOf = <Network extends NetworkWant | 'choose'>(network: Network) => goalFor([vmIn(thisPc, L1)], { network });

function open(of: World = {}, network?: NetworkWant): FakeMain {
  const main = fakeMain({
    plan: (request) => {
      const { goal } = request as { goal: Goal };
      const plan = planOf([chainOf([stepOf(L1, 1, 'setting')], { vm: vmIn(thisPc, L1), name: 'k8s-node-1' })], {
        goal,
        wants: goal.kind === 'vms' ? goal.wants : [],
      });
      return { result: { kind: 'ready', plan }, script: [], undoScript: [] };
    },
  });
  app.state = world(of).state;
  render(Wizard, { opening: { kind: 'goal', goal: goalOf(network ?? 'choose') } });
  return main;
}

const radio = (name: RegExp): HTMLElement => screen.getByRole('radio', { name });
const field = (name: string): HTMLInputElement => screen.getByRole('textbox', { name });
const type = (name: string, value: string): Promise<unknown> => fireEvent.input(field(name), { target: { value } });
const isOn = (element: HTMLElement): boolean => element.getAttribute('aria-checked') === 'true';
const review = (): HTMLButtonElement => screen.getByRole('button', { name: 'Review' });

async function wanted(main: FakeMain): Promise<NetworkWant | undefined> {
  await fireEvent.click(review());
  const asked = main.asked.findLast(({ name }) => name === 'plan')?.request as { goal: Goal } | undefined;
  return asked?.goal.kind === 'vms' ? asked.goal.wants[0]?.want.network : undefined;
}

describe('the way to a network', () => {
  it('has chosen what fits, with the reason, and says why another cannot be chosen', () => {
    open({ wireless: true });
    expect(isOn(radio(/^NAT network Recommended:/))).toBe(true);
    const none = screen.getByRole<HTMLButtonElement>('radio', { name: /Default Switch Not here: .* Server has none/ });
    expect(none.disabled).toBe(true);
  });

  it('takes the Default Switch where a client has one, and makes nothing', async () => {
    const main = open({ server: false, wireless: true });
    expect(isOn(radio(/^Default Switch Recommended:/))).toBe(true);
    expect(screen.getByText(t('network.nothingMade'))).toBeTruthy();
    expect(await wanted(main)).toEqual({
      kind: 'default-switch',
      nested: [{ vm: notConnected.id, adapter: 'svc-a-nic' }],
    });
  });

  it('lets a person choose against the advice, and says what will then not work', async () => {
    const main = open({ wireless: true });
    await fireEvent.click(radio(/^MAC address spoofing/));
    expect(screen.getByText(/Nested VMs will probably get no address/)).toBeTruthy();
    expect(await wanted(main)).toMatchObject({ kind: 'external', adapter: 'l1-nic', switchName: 'External' });
  });

  it('warns that the machine loses its network, before an external switch is made inside', () => {
    open();
    expect(isOn(radio(/^MAC address spoofing Recommended:/))).toBe(true);
    expect(screen.getByText('k8s-node-1 loses its network for about 10 seconds.')).toBeTruthy();
  });

  it('tells two adapters of one name apart by MAC address and switch', async () => {
    const { l1 } = world();
    const [first] = l1.adapters ?? [];
    if (!first) throw new Error('no adapter');
    const second = adapter('second-nic', { macAddress: '00155D012C08' });
    const main = open({ adapters: [first, second] });
    const group = screen.getByRole('radiogroup', { name: 'Adapter of k8s-node-1 to use' });
    const [lan, none] = within(group).getAllByRole('radio');
    expect(lan?.textContent).toContain('00-15-5D-01-2C-07 · on “LAN”');
    expect(none?.textContent).toContain('00-15-5D-01-2C-08 · not connected');
    await fireEvent.click(within(group).getByRole('radio', { name: /2C-08/ }));
    expect(screen.getAllByText('No adapter of k8s-node-1 is connected to a switch.').length).toBeGreaterThan(0);
    expect(review().disabled).toBe(true);
    expect(main.asked.some(({ name }) => name === 'plan')).toBe(false);
  });

  it('lists nested VMs whose adapters a guest gives one ID, and goes by the VM', async () => {
    const twin = { ...notConnected, id: notConnected.id.replace(/^./, 'f'), name: 'svc-b' };
    open({ wireless: true, nested: [notConnected, twin] });
    expect(screen.getAllByRole('checkbox').map((box) => box.querySelector('.strong')?.textContent)).toEqual([
      'svc-a',
      'svc-b',
    ]);
    await fireEvent.click(review());
    expect(await screen.findAllByRole('region', { name: /^To run in svc-[ab]$/ })).toHaveLength(2);
  });

  it('asks for an account first where nobody has looked inside', async () => {
    open({ isClosed: true });
    expect(screen.getByText('None of the three ways is possible yet.')).toBeTruthy();
    expect(review().disabled).toBe(true);
    await fireEvent.click(screen.getByRole('button', { name: 'Sign in…' }));
    expect(await screen.findByRole('dialog')).toBeTruthy();
  });
});

describe('a NAT network', () => {
  it('says that a network is free only after comparing it with both machines', () => {
    open({ wireless: true });
    expect(field(t('network.prefix')).value).toBe('192.168.100.0/24');
    expect(
      screen.getByText(/^Available\. Doesn’t overlap any of the \d+ networks found on DEV-PC and in k8s-node-1\.$/),
    ).toBeTruthy();
  });

  it('refuses a network that overlaps a VPN at once, names it, and lets nobody go on', async () => {
    open({ wireless: true });
    await type(t('network.prefix'), '10.20.4.0/24');
    expect(screen.getAllByText('Overlaps 10.20.0.0/16 of Contoso VPN on DEV-PC.').length).toBeGreaterThan(0);
    expect(field(t('network.prefix')).getAttribute('aria-invalid')).toBe('true');
    expect(review().disabled).toBe(true);
  });

  it('moves the proposed addresses with the network, and keeps what was typed', async () => {
    const main = open({
      wireless: true,
      nested: [
        notConnected,
        { ...notConnected, id: notConnected.id.replace(/.$/, 'f'), name: 'svc-b', adapters: [adapter('svc-b-nic')] },
      ],
    });
    expect(field('Address of svc-a').value).toBe('192.168.100.2');
    expect(field('Address of svc-b').value).toBe('192.168.100.3');
    await type(t('network.prefix'), '172.22.0.0/24');
    await type('Address of svc-b', '172.22.0.50');
    expect([field('Address of svc-a').value, field('Gateway').value]).toEqual(['172.22.0.2', '172.22.0.1']);
    await type('Address of svc-b', '172.22.0.1');
    expect(screen.getAllByText('172.22.0.1 is the gateway.').length).toBeGreaterThan(0);
    await type('Address of svc-b', '172.22.0.50');
    expect(await wanted(main)).toMatchObject({ kind: 'nat', prefix: '172.22.0.0/24', natName: 'LocalNAT' });
  });

  it('leaves a VM that is connected elsewhere alone unless it is ticked', async () => {
    const main = open({ wireless: true });
    const other = screen.getByRole('checkbox', { name: /k3s-a/ });
    expect(isOn(other)).toBe(false);
    expect(other.textContent).toContain('“Private”, unchanged');
    await fireEvent.click(other);
    expect(other.textContent).toContain('“Private” → “VmNAT”');
    expect((await wanted(main))?.nested.map((nested) => nested.adapter)).toEqual(['svc-a-nic', 'k3s-nic']);
  });

  it('uses one that is there, and never offers to change it', async () => {
    const VmNat = 'd4b0a7c2-5f0d-4c1e-9a54-2d6b8f3e7c42';
    const main = open({
      wireless: true,
      switches: [{ id: VmNat, name: 'Lab', type: 'Internal', adapterDescription: undefined }],
      guest: {
        nats: [{ id: 'n1', name: 'LabNAT', prefix: '192.168.77.0/24' }],
        addresses: [{ address: '192.168.77.1', prefixLength: 24, adapter: 'vEthernet (Lab)', index: 12 }],
      },
    });
    expect(screen.getByText('LabNAT is used without changes.')).toBeTruthy();
    expect(field(t('network.prefix')).readOnly).toBe(true);
    expect(await wanted(main)).toMatchObject({ natName: 'LabNAT', switchName: 'Lab', prefix: '192.168.77.0/24' });
  });

  it('explains the one of another program, and does not delete it', () => {
    open({ wireless: true, guest: { nats: [{ id: 'n1', name: 'DockerNAT', prefix: '172.30.0.0/16' }] } });
    expect(screen.getByText('DockerNAT stays.')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('radio', { name: /^NAT network Not here/ }).disabled).toBe(true);
  });
});

describe('the way of a packet', () => {
  it('is said hop by hop with real names and addresses to who cannot see it', async () => {
    open({ wireless: true });
    const list = screen.getByRole('list', { name: t('network.pathTitle') });
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      'svc-a, in k8s-node-1: 192.168.100.2',
      'VmNAT, in k8s-node-1: gateway 192.168.100.1',
      'LocalNAT, in k8s-node-1: translates addresses',
      'LAN, in DEV-PC: external',
      'Intel I225-V, in DEV-PC: sees one MAC address',
      'Your network, in Internet: sees only k8s-node-1',
    ]);
    expect(screen.getByText('outside: source address 192.168.1.61, of k8s-node-1')).toBeTruthy();
    await fireEvent.click(radio(/^MAC address spoofing/));
    expect(within(list).getAllByRole('listitem').at(-1)?.textContent).toBe(
      'Your network, in Internet: can’t be reached',
    );
    expect(screen.getByText(/keeps its source MAC address, 00-15-5D-2C-07-11 of svc-a/)).toBeTruthy();
  });
});

describe('the review of a network', () => {
  const net: NetworkWant = {
    kind: 'nat',
    nested: [{ vm: notConnected.id, adapter: 'svc-a-nic' }],
    switchName: 'VmNAT',
    natName: 'LocalNAT',
    prefix: '192.168.100.0/24',
  };
  const planned = (of: World = {}): { readonly plan: Plan; readonly machine: Machine } => {
    const { host } = world({ wireless: true, ...of });
    const goal = goalOf(net);
    const result = planWants(host, goal, goal.kind === 'vms' ? goal.wants : [], { id: 'p1' });
    if (result.kind !== 'ready') throw new Error(JSON.stringify(result));
    return { plan: result.plan, machine: host };
  };
  const table = (name: string): string[][] =>
    within(screen.getByRole('table', { name }))
      .getAllByRole('row')
      .slice(1)
      .map((row) =>
        within(row)
          .getAllByRole('cell')
          .map(({ textContent }) => textContent.trim().replace(/\s+/g, ' ')),
      );
  const reviewed = async (): Promise<Plan> => {
    const { plan, machine } = planned();
    fakeMain({ plan: () => ({ result: { kind: 'ready', plan }, script: renderPlan(plan), undoScript: [] }) });
    app.state = { ...world({ wireless: true }).state, machine };
    render(Wizard, { opening: { kind: 'goal', goal: goalOf(net) } });
    await type('Address of svc-a', '192.168.100.20');
    await fireEvent.click(review());
    return plan;
  };

  it('counts what is made inside, says that it is removed again, and connects under the same numbers', async () => {
    await reviewed();
    await screen.findByRole('heading', { name: '3 items are created in k8s-node-1. No downtime.' });
    expect(table('Created in k8s-node-1').map(([number, name]) => [number, name])).toEqual([
      ['Step 1', 'Switch “VmNAT” Internal: nested VMs and the VM itself'],
      ['Step 2', 'Address 192.168.100.1/24 The VM’s address on “VmNAT”: the gateway'],
      ['Step 3', 'NAT network “LocalNAT” 192.168.100.0/24, the only one in the VM'],
    ]);
    expect(table('Changed for svc-a')[0]).toContain('VmNAT');
    expect(screen.getByRole('button', { name: t('network.apply') })).toBeTruthy();
  });

  it('says above the PowerShell which machine it runs in', async () => {
    await reviewed();
    const powershell = await screen.findByRole('region', { name: 'PowerShell' });
    expect(within(powershell).getByText('In k8s-node-1')).toBeTruthy();
  });

  it('gives the commands for a VM that nobody can enter, with what was typed, for Windows and for Linux', async () => {
    const main = await reviewed().then(() => fakeMain({}));
    const hand = await screen.findByRole('region', { name: 'To run in svc-a' });
    expect(hand.textContent).toContain('-IPAddress 192.168.100.20 -PrefixLength 24 -DefaultGateway 192.168.100.1');
    expect(hand.textContent).toContain("MacAddress -eq '00-15-5D-2C-07-11'");
    await fireEvent.click(within(hand).getByRole('radio', { name: 'Linux' }));
    expect(hand.textContent).toContain('sudo ip route replace default via 192.168.100.1');
    await fireEvent.click(within(hand).getByRole('button', { name: /^Copy sudo ip address add/ }));
    expect(main.asked).toContainEqual({
      name: 'copyText',
      request: { text: 'sudo ip address add 192.168.100.20/24 dev "$dev"' },
    });
  });

  it('shows at the end what was made, and leads to its test and the way back', async () => {
    const { plan, machine } = planned();
    const [chain] = plan.chains;
    if (!chain) throw new Error('no chain');
    fakeMain({});
    const all = chain.steps.flatMap((_, n) => [stepEvent(chain, n, 'running'), stepEvent(chain, n, 'done')]);
    const run = runOf(plan, eventsOf({ kind: 'started' }, ...all, { kind: 'ended', outcome: 'done' }), {
      outcome: 'done',
    });
    app.state = { ...world().state, machine, runs: [run] };
    render(Wizard, { opening: { kind: 'run', run: 'r1' } });
    await screen.findByRole('heading', { name: 'VMs in k8s-node-1 are on the NAT network 192.168.100.0/24.' });
    expect(screen.getByRole('region', { name: 'To run in svc-a' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Test…' }));
    expect(route.now).toEqual({ page: 'proof', at: vmIn(thisPc, L1), vm: vmIn(vmIn(thisPc, L1), notConnected.id) });
  });

  it('removes what it made, leaves what is gone, and never what somebody else changed', () => {
    const at = vmIn(thisPc, L1);
    const row = (made: Thing, verdict: ThreeWay['verdict']): ThreeWay => ({
      vm: vmIn(thisPc, L1),
      name: 'k8s-node-1',
      path: madePath(at, made),
      found: 'none',
      wrote: 'there',
      now: 'there',
      verdict,
      made,
    });
    fakeMain({});
    app.state = world().state;
    render(ThreeWayTables, {
      rows: [
        row({ what: 'switch', at, id: 's1', name: 'VmNAT' }, 'undo'),
        row({ what: 'nat', at, id: 'n1', name: 'LocalNAT', prefix: '192.168.100.0/24' }, 'already-so'),
        row({ what: 'address', at, id: '192.168.100.1', prefixLength: 24, adapter: 'a1', name: 'VmNAT' }, 'one-way'),
      ],
    });
    const rows = screen.getAllByRole('row').map(({ textContent }) => textContent.replace(/\s+/g, ' '));
    expect(rows.find((words) => words.includes('Switch “VmNAT”'))).toMatch(/Still exists.*Removed/);
    expect(rows.find((words) => words.includes('LocalNAT'))).toMatch(/Already gone.*unchanged/);
    expect(rows.find((words) => words.includes('192.168.100.1/24'))).toMatch(/Changed since.*unchanged/);
  });
});

describe('the test of a network', () => {
  const proofOf = (change: Partial<ProofOf>): ProofOf => ({
    at: vmIn(thisPc, L1),
    vm: vmIn(vmIn(thisPc, L1), notConnected.id),
    from: 'svc-a',
    state: 'running',
    startedAt: '2026-11-24T08:00:00Z',
    hops: [
      { id: 'own-address', state: 'reached', tried: '192.168.100.2', milliseconds: 12 },
      { id: 'gateway', state: 'trying', tried: '192.168.100.1' },
      { id: 'dns', state: 'waiting' },
      { id: 'outside', state: 'waiting' },
    ],
    ...change,
  });
  const show = (proof: ProofOf | null): FakeMain => {
    const main = fakeMain({ saveReport: () => ({ kind: 'saved' }) });
    app.state = { ...world().state, proof };
    render(Proof, { at: vmIn(thisPc, L1), vm: vmIn(vmIn(thisPc, L1), notConnected.id) });
    return main;
  };

  it('begins by itself, from inside the nested VM', async () => {
    const main = show(null);
    await waitFor(() =>
      expect(main.asked).toContainEqual({
        name: 'prove',
        request: { at: vmIn(thisPc, L1), vm: vmIn(vmIn(thisPc, L1), notConnected.id) },
      }),
    );
  });

  it('follows each hop live, with its time, and stops at any moment', async () => {
    const main = show(proofOf({}));
    expect(screen.getByText('192.168.100.2, 12 ms')).toBeTruthy();
    expect(screen.getByText('testing 192.168.100.1')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    expect(main.asked).toContainEqual({ name: 'stopProof', request: { at: vmIn(thisPc, L1) } });
    app.state = { ...world().state, proof: proofOf({ state: 'stopped' }) };
    expect(await screen.findByRole('heading', { name: 'The test was stopped.' })).toBeTruthy();
  });

  it('is saved as a report: each hop, what came of it, and the cause', async () => {
    const main = show(
      proofOf({
        state: 'done',
        hops: [
          { id: 'own-address', state: 'reached', tried: '192.168.100.2', milliseconds: 12 },
          { id: 'gateway', state: 'failed', tried: '192.168.100.1', cause: { key: 'proof.noAddress' } },
          { id: 'dns', state: 'not-tried' },
          { id: 'outside', state: 'not-tried' },
        ],
      }),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Save report…' }));
    const { report } = main.asked.find(({ name }) => name === 'saveReport')?.request as {
      report: { kind: string; text: string };
    };
    expect(report.kind).toBe('network-test');
    for (const line of ['Own address: 192.168.100.2, 12 ms', 'Gateway: 192.168.100.1: no response', 'DNS: not tested'])
      expect(report.text.split('\n')).toContain(line);
    expect(report.text).toContain('Cause: ');
  });

  it('names the hop that fails, its cause, and mends it with one button', async () => {
    const fix = goalOf({
      kind: 'nat',
      nested: [],
      switchName: 'VmNAT',
      natName: 'LocalNAT',
      prefix: '192.168.100.0/24',
    });
    show(
      proofOf({
        state: 'done',
        hops: [
          { id: 'own-address', state: 'reached', tried: '192.168.100.2', milliseconds: 12 },
          {
            id: 'gateway',
            state: 'failed',
            tried: '192.168.100.1',
            milliseconds: 4000,
            cause: { key: 'proof.gatewaySilent', params: { gateway: '192.168.100.1' } },
            fix,
          },
          { id: 'dns', state: 'not-tried' },
          { id: 'outside', state: 'not-tried' },
        ],
      }),
    );
    expect(screen.getByRole('heading', { name: 'svc-a has an address but can’t reach its gateway.' })).toBeTruthy();
    expect(screen.getByText('192.168.100.1 doesn’t respond, and nothing behind it does.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Network for VMs in k8s-node-1…' }));
    expect(route.now).toEqual({ page: 'wizard', goal: fix });
  });

  const allReached = (['own-address', 'gateway', 'dns', 'outside'] as const).map(
    (id) => ({ id, state: 'reached' }) as const,
  );
  const standIn = proofOf({ vm: null, from: 'k8s-node-1', state: 'done', hops: allReached });

  it('is no answer for a nested VM that was not tested: it says what is known of it, and how to test it', async () => {
    show(standIn);
    expect(screen.queryByText(t('network.proofAll'))).toBeNull();
    expect(screen.queryByText(t('network.proofGood', { name: 'k8s-node-1' }))).toBeNull();
    expect(screen.getByText(t('network.proofNotTested', { name: 'svc-a' }))).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1, name: t('proof.notConnected', { vm: 'svc-a' }) })).toBeTruthy();
    expect(screen.getByText(t('network.proofStandsFor', { name: 'k8s-node-1', vm: 'svc-a' }))).toBeTruthy();
    expect(screen.getByRole('heading', { name: t('network.proofHopsOf', { name: 'k8s-node-1' }) })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: t('inside.signIn') }));
    expect(await screen.findByRole('dialog', { name: t('inside.dialogTitle', { name: 'svc-a' }) })).toBeTruthy();
  });

  it('leads from what is known to the choice of a network', async () => {
    show(standIn);
    await fireEvent.click(screen.getByRole('button', { name: t('network.entryButton') }));
    expect(route.now).toMatchObject({
      page: 'wizard',
      goal: { wants: [{ vm: vmIn(thisPc, L1), want: { network: {} } }] },
    });
  });

  it.each([
    [
      'on a private switch',
      { switchId: '0a6e2f90-2222-4b7a-9c18-6d2f4e8b0a57' },
      t('proof.privateSwitch', { vm: 'svc-a' }),
    ],
    ['on a switch of which nothing bad is known', { switchId: 'x' }, t('network.proofCantTell', { name: 'svc-a' })],
  ])('says of one that is %s no more than that', (_, change, sentence) => {
    const one = { ...notConnected, adapters: [adapter('svc-a-nic', change)] };
    fakeMain({});
    app.state = { ...world({ nested: [one] }).state, proof: standIn };
    render(Proof, { at: vmIn(thisPc, L1), vm: vmIn(vmIn(thisPc, L1), one.id) });
    expect(screen.getByRole('heading', { level: 1, name: sentence })).toBeTruthy();
  });

  it('reports that the VM was not tested', async () => {
    const main = show(standIn);
    await fireEvent.click(screen.getByRole('button', { name: t('activity.saveReport') }));
    const { report } = main.asked.find(({ name }) => name === 'saveReport')?.request as { report: { text: string } };
    expect(report.text).toContain(t('network.proofStandsFor', { name: 'k8s-node-1', vm: 'svc-a' }));
    expect(report.text).not.toContain(t('network.proofGood', { name: 'k8s-node-1' }));
  });

  it('of the machine itself says nothing of the VMs in it', () => {
    fakeMain({});
    app.state = { ...world().state, proof: standIn };
    render(Proof, { at: vmIn(thisPc, L1), vm: null });
    expect(screen.getByRole('heading', { name: t('network.proofGood', { name: 'k8s-node-1' }) })).toBeTruthy();
    expect(screen.getByText(t('network.proofOnlyHost', { name: 'k8s-node-1' }))).toBeTruthy();
  });

  it('tries no longer when nobody looks', () => {
    const main = show(proofOf({}));
    cleanup();
    expect(main.asked).toContainEqual({ name: 'stopProof', request: { at: vmIn(thisPc, L1) } });
  });

  it('says in Chinese what it says in English', () => {
    fakeMain({});
    app.state = { ...world().state, language: 'zh-CN', proof: proofOf({ state: 'done', hops: [] }) };
    render(Proof, { at: vmIn(thisPc, L1), vm: vmIn(vmIn(thisPc, L1), notConnected.id) });
    expect(screen.getByRole('heading', { name: 'svc-a 可以访问 Internet。' })).toBeTruthy();
    app.state = stateOf([]);
  });
});
