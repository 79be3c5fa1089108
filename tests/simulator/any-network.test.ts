import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adapterOf, labOf, type Lab } from './lab.js';

const switchNames = ['Out', 'VmNAT', 'other'] as const;
const prefixes = ['192.168.77', '192.168.178', '10.200.1'] as const;
const step = fc.oneof(
  fc.record({ do: fc.constant('internal' as const), name: fc.constantFrom(...switchNames) }),
  // Never the one that gets addresses: they would move to the card when it is removed.
  fc.record({ do: fc.constant('external' as const), name: fc.constantFrom('Out', 'other') }),
  fc.record({ do: fc.constant('remove' as const), name: fc.constantFrom(...switchNames) }),
  fc.record({ do: fc.constant('plug' as const), name: fc.constantFrom(...switchNames) }),
  fc.record({ do: fc.constant('nat' as const), name: fc.constantFrom(...prefixes) }),
  fc.record({ do: fc.constant('address' as const), name: fc.constantFrom(...prefixes) }),
  fc.record({ do: fc.constant('no-nat' as const), name: fc.constant('LocalNAT') }),
);

function take({ run, windows }: Lab, { do: what, name }: { readonly do: string; readonly name: string }) {
  switch (what) {
    case 'internal':
      return run('New-VMSwitch', { Name: name, SwitchType: 'Internal' });
    case 'external':
      return run('New-VMSwitch', { Name: name, NetAdapterName: 'Ethernet', AllowManagementOS: true });
    case 'remove':
      return run('Remove-VMSwitch', { Name: name, Force: true });
    case 'plug':
      return run('Connect-VMNetworkAdapter', { VMNetworkAdapter: adapterOf(windows), SwitchName: name });
    case 'nat':
      return run('New-NetNat', { Name: 'LocalNAT', InternalIPInterfaceAddressPrefix: `${name}.0/24` });
    case 'address':
      return run('New-NetIPAddress', { InterfaceAlias: 'vEthernet (VmNAT)', IPAddress: `${name}.1`, PrefixLength: 24 });
    default:
      return run('Remove-NetNat', { Name: name, Confirm: false });
  }
}

function mustHold({ inner, windows }: Lab) {
  const { cards, addresses, nats } = inner.network;
  const ids = new Set(inner.switches.map(({ id }) => id));
  const indexes = cards.map(({ index }) => index);
  expect(new Set(indexes).size).toBe(indexes.length);
  expect(cards.filter(({ plug }) => 'switch' in plug && !ids.has(plug.switch))).toEqual([]);
  expect(addresses.filter(({ index }) => !indexes.includes(index))).toEqual([]);
  expect(new Set(addresses.map(({ address }) => address)).size).toBe(addresses.length);
  expect(nats.length).toBeLessThanOrEqual(1);
  const plugged = windows.settings.adapters[0]?.switchId ?? null;
  expect(plugged === null || ids.has(plugged)).toBe(true);
  expect(inner.switches.filter(({ type }) => type === 'External').length).toBeLessThanOrEqual(1);
}

describe('any sequence of calls about a network', () => {
  it('leaves nothing that belongs to nothing; taken away again, all is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const lab = labOf('server-l1');
        const stamp = () => JSON.stringify([lab.inner.network, lab.inner.switches]);
        const before = stamp();
        for (const one of steps) {
          await take(lab, one);
          mustHold(lab);
        }
        await take(lab, { do: 'no-nat', name: 'LocalNAT' });
        for (const name of switchNames) await take(lab, { do: 'remove', name });
        expect(stamp()).toBe(before);
      }),
      { numRuns: 120 },
    );
  });
});
