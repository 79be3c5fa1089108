import { textOf, vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { hostNamed, otherPc } from '../core/other-pc.js';
import { hostOf } from '../core/worlds.js';
import { nothingKnown } from '../../../src/shell/app-state.js';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { diagnostics, problemFiles } from '../../../src/shell/diagnostics.js';
import { redactor, takingOut, type Named } from '../../../src/shell/redaction.js';
import type { AppState, HostState } from '../../../src/ipc/schema.js';
import { chainOf, eventsOf, ids, planOf, runOf, stepEvent, stepOf, vmOf } from '../renderer/fixtures.js';
import { stateOf as stateWith } from '../../renderer/bridge.js';
import { readWorld, worldOf } from './a-machine.js';
import { stateOf } from './a-state.js';

vi.mock('electron', () => ({ default: {} }));

const third = hostNamed('host-ba9876543210');
const versions = { app: '1.2.3', electron: '45', node: '24', system: 'win32' };

async function reportOf(scenario: Parameters<typeof readWorld>[0]): Promise<{ text: string; state: AppState }> {
  const world = await readWorld(scenario);
  const state = stateOf(world);
  return { text: diagnostics(state, versions), state };
}

test.each(['workstation', 'hostile-names', 'not-admin'] as const)(
  'of %s tells what was found, and nothing of whom',
  async (scenario) => {
    const { text, state } = await reportOf(scenario);
    const { machine, connection } = state;
    const identity = connection.kind === 'ready' ? connection.handshake.identity : null;
    const secret = [
      machine?.host.name,
      identity?.account.split('\\')[1],
      identity?.sid,
      ...(machine?.vms ?? []).flatMap(({ id, name, adapters }) => [
        id,
        name.length < 3 || name.trim() === '' ? undefined : JSON.stringify(name).slice(1, -1),
        ...(adapters ?? []).map(({ macAddress }) => macAddress),
      ]),
      ...(machine?.host.switches ?? []).map(({ id }) => id),
    ];
    for (const one of secret) if (one) expect(text).not.toContain(one);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(text).toContain('"verdict"');
    expect(text).toContain('1.2.3');
  },
);

test('a report of a host that is lost names no host, and nothing of another PC', async () => {
  const world = await readWorld('workstation');
  const here = stateOf(world);
  const [mine, theirs] = [vmOf({ name: 'Payroll of mine' }), vmOf({ id: ids.box, name: 'Payroll of theirs' })];
  const said = [
    'ssh: connect to host lab-acme-hv port 22: Connection refused',
    "debug1: resolved 'builds' for Acme builds",
    'jump-of-acme: Could not resolve hostname hv-of-acme: Name or service not known',
    'No ED25519 host key is known for acme-jump and you have requested strict checking.',
    'Connection closed by acme-nat port 22',
    'A VM called Payroll of mine, one called Payroll of theirs, for meiacme at ACME-HV-01',
  ].join('\n');
  const lost = { kind: 'session-lost', shell: { how: 'failed', code: '255', said } } as const;
  const away = {
    ...nothingKnown({ kind: 'host' }),
    connection: { kind: 'lost', failure: lost, since: '2026-11-24T08:00:00Z' },
  };
  const state: AppState = {
    ...here,
    machine: here.machine && { ...here.machine, vms: [mine] },
    hosts: [
      { id: otherPc, label: 'Acme builds', address: 'meiacme@lab-acme-hv:2222' },
      { id: third, label: 'Other', address: 'builds' },
    ],
    others: {
      [textOf(otherPc)]: away as HostState,
      [textOf(third)]: {
        ...nothingKnown({ kind: 'host' }),
        machine: { at: third, host: hostOf({ name: 'ACME-HV-01' }), vms: [theirs] },
      },
    },
  };
  const text = diagnostics(state, versions, otherPc);
  const files = problemFiles(state, versions, { at: otherPc, log: said, words: [] });
  for (const one of [text, ...files.map((file) => file.text)])
    expect(one).not.toMatch(/lab-acme-hv|hv-of-acme|acme builds|acme-jump|acme-nat|builds|meiacme|Payroll|ACME-HV-01/i);
  expect(text).toContain('Connection refused');
});

test('a report says where the execution policy was set for the process', async () => {
  const { state } = await reportOf('workstation');
  const { connection } = state;
  if (connection.kind !== 'ready') throw new Error(connection.kind);
  const lifted = { ...connection, handshake: { ...connection.handshake, policyLifted: true as const } };
  const textsOf = (one: AppState) => [
    diagnostics(one, versions),
    problemFiles(one, versions, { log: '', words: [] }).find(({ name }) => name === 'report.json')?.text,
  ];
  for (const text of textsOf(state)) expect(text).not.toContain('policyLifted');
  for (const text of textsOf({ ...state, connection: lifted })) expect(text).toContain('"policyLifted": true');
});

test.each(['workstation', 'hostile-names'] as const)(
  'the files of a report of %s tell nothing of whom',
  async (scenario) => {
    const { state } = await reportOf(scenario);
    const vm = state.machine?.vms?.find(({ name }) => name.length > 5 && name.trim() === name);
    if (!vm) throw new Error('a VM with a name');
    const chain = chainOf(
      [
        stepOf(vm.id, 1, 'setting', [
          { path: `${vm.id}/adapters/Microsoft:${vm.id}\\1/switch`, from: 'Payroll LAN', to: null },
        ]),
        stepOf(vm.id, 2, 'inside', [{ path: `${vm.id}/made/nat/secret-nat`, from: null, to: '10.9.8.0/24' }]),
        stepOf(vm.id, 3, 'setting', [{ path: `${vm.id}/around/mapping/3`, from: 'there', to: 'gone' }]),
      ],
      { vm: vmIn(thisPc, vm.id), name: vm.name },
    );
    const failure = {
      kind: 'unknown' as const,
      record: { id: 'x', category: 'y', message: `'${vm.name}' is at 10.9.8.7` },
    };
    const run = runOf(planOf([chain]), eventsOf(stepEvent(chain, 0, 'failed', { failure })), { outcome: 'failed' });
    const account = { at: vmIn(thisPc, vm.id), machine: vm.name, userName: 'CORP\\carol' };
    const log = `reading: ${vm.id}\n at D:\\VMs\\payroll old.vhdx, C:\\Users\\carol\\x.js:1`;
    const files = problemFiles({ ...state, runs: [run], accounts: [account] }, versions, { log, words: [] });
    expect(files.map(({ name }) => name)).toEqual(['report.json', 'runs.json', 'hypernest.log']);
    const text = files.map((file) => file.text).join('\n');
    for (const secret of [
      vm.id,
      JSON.stringify(vm.name).slice(1, -1),
      'Payroll',
      'payroll',
      'secret-nat',
      '10.9.8',
      'carol',
    ])
      expect(text).not.toContain(secret);
    const [, runs, told] = files;
    // One VM is one chip over all files.
    const chip = /reading: (<VM-\d+>)/.exec(told?.text ?? '')?.[1];
    expect(chip).toBeDefined();
    expect(runs?.text).toContain(`"vm": "this-pc/${chip ?? ''}"`);
    expect(runs?.text).toContain('"state": "failed"');
    // The number of a mapping is no name.
    expect(runs?.text).toContain('/around/mapping/3"');
  },
);

test('a check of overlapping networks does not tell whose VPN it is', async () => {
  const { reader, simulator, clock, connection, machine } = worldOf('server-l1', {
    made: (id) => ({
      nats: new Map([[vmIn(thisPc, id('lab')), [{ id: 'x;0', name: 'Payroll NAT', prefix: '192.168.100.0/24' }]]]),
    }),
  });
  simulator.outside.connectVpn('Contoso VPN', '10.8.14.3', ['192.168.0.0/16']);
  const read = reader.read({ all: true, vms: [] });
  await clock.advance(1);
  await read;
  const text = diagnostics(stateWith([], { connection, machine: machine() }), versions);
  expect(text).toContain('nat-overlap');
  for (const secret of ['Contoso', 'Payroll', '192.168.']) expect(text).not.toContain(secret);
});

const redacted = (value: unknown, names: readonly Named[]): unknown => redactor(names)(value);

test('the same thing keeps its chip, so that the report can be followed', () => {
  const names: readonly Named[] = [
    { kind: 'VM', texts: ['11111111-0000-4000-8000-000000000001', 'dev'] },
    { kind: 'VM', texts: ['dev-box'] },
  ];
  const found = redacted(['dev', 'dev-box runs', 'id 11111111-0000-4000-8000-000000000001', 'developer'], names);
  expect(found).toEqual(['<VM-1>', '<VM-2> runs', 'id <VM-1>', 'developer']);
});

test('what nobody has named is found by its shape', () => {
  expect(redacted('00:15:5d:01:02:03 192.168.1.20 S-1-5-21-1-2-3-1001 C:\\Users\\mei\\x', [])).toBe(
    '<MAC-1> <address-1> <SID-1> C:\\Users\\<folder-1>\\<folder-2>',
  );
});

test('a VM that is called like a word of the report does not take it apart', () => {
  const names: readonly Named[] = [
    { kind: 'VM', texts: ['state'] },
    { kind: 'VM', texts: ['"'] },
  ];
  expect(redacted({ state: 'it is "off"', host: 'state' }, names)).toEqual({ state: 'it is "off"', host: '<VM-1>' });
});

test('a key that names a thing is taken out, one that names a property stays', () => {
  const names: readonly Named[] = [{ kind: 'VM', texts: ['11111111-0000-4000-8000-000000000001', 'state'] }];
  expect(redacted({ state: 1, '11111111-0000-4000-8000-000000000001': 2 }, names)).toEqual({ state: 1, '<VM-1>': 2 });
});

test('a word of a person is taken out wherever it stands: in words, keys and numbers, in any case, and not in a chip', () => {
  const out = takingOut(['contoso', '4242', 'VM', 'D:\\\\lab']);
  expect(
    out({ contosoKey: 'MyContosoPC runs <VM-1>', pid: 4242, at: ['D:\\lab\\x', 'D:\\\\lab'], fine: true }),
  ).toEqual({
    '<word-1>Key': 'My<word-1>PC runs <VM-1>',
    pid: '<word-2>',
    at: ['<word-4>\\x', '<word-4>'],
    fine: true,
  });
  const same = { a: 1 };
  expect(takingOut([])(same)).toBe(same);
});

test('the error that a report is about is a part of it, redacted like the rest', async () => {
  const { state } = await reportOf('workstation');
  const [first] = problemFiles(state, versions, {
    log: '',
    pasted: "'dev-box' failed to start on DEV-PC, project Sunrise",
    words: ['sunrise'],
  });
  expect(first?.name).toBe('error.txt');
  expect(first?.text).toMatch(/^'<VM-\d+>' failed to start on <PC-\d+>, project <word-1>$/);
});

/** A name that no word of a report can hold by chance: something rare in the middle, anything around it. */
const secret = (tag: string) =>
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
    .map(([before, after]) => ({ core: `Zq${tag}7x`, name: `${before}Zq${tag}7x${after}`.trim() }));
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('a name whose lower case has other letters is taken out all the same', () => {
  const redact = redactor([{ kind: 'VM', texts: ['zqvİx'] }]);
  expect(redact('“zqvİx” of ZQVİX, zqvi\u0307x')).toBe('“<VM-1>” of <VM-1>, <VM-1>');
});

test('of any world, no name, account, id, MAC or address is told: not in the report, the runs, the log or the error', async () => {
  const world = await readWorld('workstation');
  const base = stateOf(world);
  const { machine, connection } = base;
  const [template] = machine?.vms ?? [];
  if (!machine || !template || connection.kind !== 'ready') throw new Error('a workstation that was read');
  fc.assert(
    fc.property(
      fc.record({
        vm: secret('vm'),
        inside: secret('inside'),
        pc: secret('pc'),
        user: secret('user'),
        lan: secret('lan'),
        checkpoint: secret('cp'),
        id: fc.uuid({ version: 4 }),
        mac: hex(12).map((text) => text.toUpperCase()),
        address: fc.ipV4(),
        sid: fc.nat().map((last) => `S-1-5-21-11-22-33-${last}`),
      }),
      ({ vm, inside, pc, user, lan, checkpoint, id, mac, address, sid }) => {
        const made = {
          ...template,
          id,
          name: vm.name,
          problem: `${vm.name} at ${address}`,
          nested: [{ name: inside.name, state: 'Off' as const }],
          checkpoints: [
            { id: id.replace(/^./, '0'), name: checkpoint.name, automatic: false, created: undefined, parent: null },
          ],
          adapters: (template.adapters ?? []).map((one) => ({
            ...one,
            id: `Microsoft:${id}\\1`,
            macAddress: mac,
            switchName: lan.name,
            addresses: [address],
          })),
        };
        const identity = {
          account: `${pc.name}\\${user.name}`,
          sid,
          inToken: true,
          isMember: true,
          isElevated: false,
          isAdministrator: false,
        };
        const state: AppState = {
          ...base,
          connection: { ...connection, handshake: { ...connection.handshake, identity } },
          machine: {
            ...machine,
            host: {
              ...machine.host,
              name: pc.name,
              identity,
              switches: [{ id, name: lan.name, type: 'External', adapterDescription: undefined }],
            },
            vms: [made],
          },
        };
        const said = `${vm.name} (Virtual machine ID ${id.toUpperCase()}) of ${identity.account}, ${sid}, at ${address}, ${mac}, "${lan.name}"`;
        const text = problemFiles(state, versions, { log: `12:00 ${said}\n`, pasted: said, words: [] })
          .map((file) => file.text)
          .join('\n')
          .toLowerCase();
        for (const told of [vm.core, inside.core, pc.core, user.core, lan.core, checkpoint.core, id, mac, address, sid])
          expect(text).not.toContain(told.toLowerCase());
      },
    ),
    { numRuns: 150 },
  );
});
