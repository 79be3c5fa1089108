import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import PortRows from '../../renderer/machines/PortRows.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { goalFor } from '../../renderer/state/quick.js';
import { route } from '../../renderer/state/route.svelte.js';
import Wizard from '../../renderer/wizard/Wizard.svelte';
import { planWants } from '../../src/core/change/plan.js';
import { renderPlan } from '../../src/core/change/script.js';
import { thisPc, vmIn } from '../../src/core/cmdlets/ref.js';
import type { Goal, PortWant } from '../../src/core/machine/goal.js';
import type { Machine, Network } from '../../src/core/machine/machine.js';
import { translator } from '../../src/text/index.js';
import { fakeMain } from './bridge.js';
import { adapter, L1, world } from './network-world.js';

const t = translator('en');
const name = 'k8s-node-1';
const SWITCH = '0a6e2f90-3333-4b7a-9c18-6d2f4e8b0a57';

beforeEach(() => route.go({ page: 'machines' }));

/** This PC with a NAT network, and the VM behind it at an address that stays. */
function behind(change: Partial<Network> = {}, addresses: readonly string[] = ['192.168.100.2']) {
  const nic = adapter('l1-nic', { switchId: SWITCH, switchName: 'VmNAT', addresses });
  const { state, host, l1 } = world({ adapters: [nic], isClosed: true });
  if (!host.network) throw new Error('no network');
  const machine: Machine = {
    ...host,
    host: {
      ...host.host,
      switches: [{ id: SWITCH, name: 'VmNAT', type: 'Internal', adapterDescription: '' }],
      identity: {
        account: 'DEV-PC\\mei',
        sid: 'S-1-5-21-1',
        inToken: true,
        isMember: true,
        isElevated: true,
        isAdministrator: true,
      },
    },
    network: {
      ...host.network,
      addresses: [{ address: '192.168.100.1', prefixLength: 24, adapter: 'vEthernet (VmNAT)', index: 12 }],
      nats: [{ id: 'n1', name: 'LocalNAT', prefix: '192.168.100.0/24' }],
      mappings: [
        { id: '0', natName: 'LocalNAT', protocol: 'TCP', hostPort: 2222, address: '192.168.100.7', vmPort: 22 },
        { id: '1', natName: 'LocalNAT', protocol: 'TCP', hostPort: 8443, address: '192.168.100.2', vmPort: 443 },
      ],
      listeners: [{ protocol: 'TCP', port: 8080, process: 4321 }],
      ...change,
    },
  };
  app.state = { ...state, machine };
  return { machine, vm: l1 };
}

const field = (label: string): HTMLInputElement => screen.getByRole('textbox', { name: label });
const type = (label: string, value: string): Promise<unknown> => fireEvent.input(field(label), { target: { value } });
const add = (): HTMLButtonElement => screen.getByRole('button', { name: t('ports.addButton') });
const asked = (): readonly PortWant[] | undefined =>
  route.now.page === 'wizard' && 'goal' in route.now && route.now.goal?.kind === 'vms'
    ? route.now.goal.wants[0]?.want.ports
    : undefined;

describe('ports of this PC that lead to a VM', () => {
  it('are listed with where they lead; those of others are not', () => {
    fakeMain({});
    render(PortRows, behind());
    expect(screen.getByText('TCP 8443')).toBeTruthy();
    expect(document.body.textContent).toContain(t('ports.leads', { port: '443', name }));
    expect(screen.queryByText('TCP 2222')).toBeNull();
  });

  it('are added by what is typed: the port of the VM is the same until it is said', async () => {
    fakeMain({});
    render(PortRows, behind());
    expect(add().disabled).toBe(true);
    await type(t('ports.hostPort'), '3389');
    expect(field(t('ports.vmPort')).value).toBe('3389');
    await type(t('ports.vmPort'), '3390');
    await fireEvent.click(screen.getByRole('radio', { name: 'UDP' }));
    await fireEvent.click(add());
    expect(asked()).toEqual([{ protocol: 'UDP', hostPort: 3389, vmPort: 3390 }]);
  });

  it.each([
    ['2222', t('ports.taken', { protocol: 'TCP', port: '2222', target: '192.168.100.7:22' })],
    ['8080', t('ports.listeningAs', { protocol: 'TCP', port: '8080', process: '4321' })],
    ['70000', t('ports.notAPort')],
  ])('says as it is typed why %s cannot be', async (port, why) => {
    fakeMain({});
    render(PortRows, behind());
    await type(t('ports.hostPort'), port);
    expect(screen.getByText(why)).toBeTruthy();
    expect(add().disabled).toBe(true);
  });

  it('are listed and removed while the VM is off, and whose address counts is said', async () => {
    fakeMain({});
    const { machine, vm } = behind({}, []);
    render(PortRows, { machine, vm: { ...vm, state: 'Off', lastAddresses: ['192.168.100.2'] } });
    expect(document.body.textContent).toContain(t('ports.lastAddress', { name }));
    await fireEvent.click(screen.getByRole('button', { name: t('ports.removeOf', { protocol: 'TCP', port: '8443' }) }));
    expect(asked()).toEqual([{ protocol: 'TCP', hostPort: 8443, vmPort: null }]);
  });

  it('are removed one by one', async () => {
    fakeMain({});
    render(PortRows, behind());
    await fireEvent.click(screen.getByRole('button', { name: t('ports.removeOf', { protocol: 'TCP', port: '8443' }) }));
    expect(asked()).toEqual([{ protocol: 'TCP', hostPort: 8443, vmPort: null }]);
  });

  it('cannot be, without an address that is known to stay: why stands in place of the form', () => {
    fakeMain({});
    render(PortRows, behind({}, []));
    expect(document.body.textContent).toContain(t('ports.addressUnknown', { name }));
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  it.each<[PortWant, string, string]>([
    [{ protocol: 'TCP', hostPort: 8081, vmPort: 80 }, t('ports.opened', { protocol: 'TCP', port: '8081', name }), 'Add-NetNatStaticMapping'], // prettier-ignore
    [{ protocol: 'TCP', hostPort: 8443, vmPort: null }, t('ports.closed', { protocol: 'TCP', port: '8443', name }), 'Remove-NetNatStaticMapping'], // prettier-ignore
  ])('are reviewed with the exact PowerShell: %j', async (port, headline, cmdlet) => {
    const { machine } = behind();
    fakeMain({
      plan: (request) => {
        const { goal } = request as { goal: Goal };
        const wants = goal.kind === 'vms' ? goal.wants : [];
        const result = planWants(machine, goal, wants, { id: 'p1' });
        return { result, script: result.kind === 'ready' ? renderPlan(result.plan) : [], undoScript: [] };
      },
    });
    render(Wizard, { opening: { kind: 'goal', goal: goalFor([vmIn(thisPc, L1)], { ports: [port] }) } });
    expect(await screen.findByRole('heading', { name: new RegExp(headline.replaceAll('.', String.raw`\.`)) })).toBeTruthy(); // prettier-ignore
    expect(document.body.textContent).toContain(cmdlet);
  });
});
