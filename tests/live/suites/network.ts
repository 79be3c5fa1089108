/** A network as the app makes it inside a VM, made on this PC by the same rows of the same table, and removed by what Windows gave it. */
import { describe, expect, it } from 'vitest';
import { thisPc, type VmRef } from '../../../src/core/cmdlets/ref.js';
import type { CmdletName, Params } from '../../../src/core/cmdlets/catalog.js';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import type { Thing, ThingToMake } from '../../../src/core/machine/goal.js';
import type { Machine } from '../../../src/core/machine/machine.js';
import { hostEnd } from '../../../src/core/network/names.js';
import { actOfMaking, actOfRemoving, idsOf, isThere, madeBy, problemOfMaking, removalOrder, sameAs } from '../../../src/core/network/things.js'; // prettier-ignore
import { eventually, type Live } from '../suite.js';

// This PC stands for the guest.
const at = thisPc as unknown as VmRef;
const subnet = '192.168.213';

export function networkSuite(live: () => Live): void {
  const read = async (): Promise<Machine> => {
    const { pc } = live();
    await pc.reader.read({ all: true, vms: [] });
    await pc.reader.readNetwork();
    const { machine } = pc.reader;
    if (!machine) throw new Error('this PC could not be read');
    return machine;
  };
  const make = async (thing: ThingToMake): Promise<Thing> => {
    const before = await read();
    expect(problemOfMaking(null, before, thing)).toBeNull();
    const [result] = await live().session.call([actOfMaking(thing).call]);
    expect(result).toMatchObject({ errors: [] });
    const made = madeBy(await read(), thing, idsOf(before, thing) ?? []);
    if (!made) throw new Error(`not there after it was made: ${thing.what}`);
    return made;
  };

  /** What is set on an adapter inside a nested VM, set on the end of our own switch. Without a gateway: this PC keeps its way out. */
  const setByNumber = async (adapter: string): Promise<void> => {
    const numbered = async () => {
      const { network } = await read();
      const index = network?.adapters?.find(({ name }) => name === adapter)?.index;
      if (!network || index === undefined) throw new Error(`no number of ${adapter}`);
      const isIt = (one: { readonly index: number }): boolean => one.index === index;
      return {
        index,
        dhcp: network.adapters?.find(isIt)?.dhcp,
        addresses: network.addresses?.filter(isIt).map(({ address }) => address),
        dns: network.dns?.find(isIt)?.servers,
      };
    };
    const { index: InterfaceIndex } = await numbered();
    const done = async <Name extends CmdletName>(cmdlet: Name, params: Params<Name>): Promise<void> => {
      expect([cmdlet, await live().ask(cmdlet, params)]).toMatchObject([cmdlet, { errors: [] }]);
    };
    await done('Set-NetIPInterface/Dhcp', { InterfaceIndex });
    expect((await numbered()).dhcp).toBe(true);
    await done('New-NetIPAddress/Index', { InterfaceIndex, IPAddress: `${subnet}.2`, PrefixLength: 24 });
    await done('Set-DnsClientServerAddress', { InterfaceIndex, ServerAddresses: [`${subnet}.1`] });
    const set = await numbered();
    expect([set.addresses?.includes(`${subnet}.2`), set.dns]).toEqual([true, [`${subnet}.1`]]);
    await done('Set-DnsClientServerAddress/Reset', { InterfaceIndex });
    await done('Remove-NetIPAddress', { InterfaceIndex, IPAddress: `${subnet}.2` });
    const back = await numbered();
    expect([back.addresses?.includes(`${subnet}.2`), back.dns]).toEqual([false, []]);
  };

  describe('a network for nested VMs', () => {
    it('is made of a switch, an address and a NAT network; a second one is told from it; all goes again', async () => {
      const { target, ask, recorder, pc } = live();
      const switchName = `${target.prefix}-switch`;
      const made: Thing[] = [await make({ what: 'switch', at, name: switchName })];
      // The end of the switch on this PC comes a moment after it.
      const hasEnd = ({ network }: Machine): boolean => (typeof network?.adapters === 'object' ? network.adapters : []).some(({ name }) => name === hostEnd(switchName)); // prettier-ignore
      expect(hasEnd(await eventually(target, 30, read, hasEnd))).toBe(true);
      await setByNumber(hostEnd(switchName));
      made.push(await make({ what: 'address', at, address: `${subnet}.1`, prefixLength: 24, switchName }));
      made.push(await make({ what: 'nat', at, name: `${target.prefix}-nat`, prefix: `${subnet}.0/24` }));
      const { rows: nats = [], errors } = readOf(await ask('Get-CimInstance/MSFT_NetNat', {}));
      expect(errors).toEqual([]);
      expect(nats.filter(({ Name }) => Name === `${target.prefix}-nat`)).toEqual([
        expect.objectContaining({ InternalIPInterfaceAddressPrefix: `${subnet}.0/24` }),
      ]);

      const adapter = (await pc.vm(await live().make('plugged'))).adapters?.[0];
      const on = { vm: pc.id(`${target.prefix}-plugged`), adapter: adapter?.id ?? '' };
      expect(await ask('Connect-VMNetworkAdapter', { SwitchName: switchName }, on)).toMatchObject({ errors: [] });
      expect((await pc.vm(`${target.prefix}-plugged`)).adapters?.[0]?.switchName).toBe(switchName);
      expect(await ask('Disconnect-VMNetworkAdapter', {}, on)).toMatchObject({ errors: [] });
      expect((await pc.vm(`${target.prefix}-plugged`)).adapters?.[0]?.switchId).toBeNull();

      // The app refuses a second one by what it reads; what Windows does with it is recorded.
      const second: ThingToMake<'nat'> = {
        what: 'nat',
        at,
        name: `${target.prefix}-second`,
        prefix: '192.168.214.0/24',
      };
      expect(problemOfMaking(null, await read(), second)).toMatchObject({ key: 'advice.natOther' });
      const [answer] = await live().session.call([actOfMaking(second).call]);
      const failure = answer && 'failed' in answer ? answer.failed : undefined;
      recorder.found('second NAT network', failure ? (failure.record?.id ?? failure.kind) : 'taken');
      const taken = madeBy(await read(), second, []);
      expect(taken === undefined).toBe(failure !== undefined);
      if (taken) made.push(taken);

      for (const what of removalOrder)
        for (const thing of made.filter((one) => one.what === what)) {
          const before = await read();
          expect(sameAs(before, thing)).toBe(true);
          const act = actOfRemoving(before, thing);
          if (!act) throw new Error(`not to be told from others: ${what}`);
          const [gone] = await live().session.call([act.call]);
          expect([what, gone]).toMatchObject([what, { errors: [] }]);
        }
      const after = await eventually(target, 30, read, (now) => made.every((one) => isThere(now, one) === 'gone'));
      expect(made.map((one) => [one.what, isThere(after, one)])).toEqual(made.map((one) => [one.what, 'gone']));
    });
  });
}
