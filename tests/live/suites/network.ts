/** A network as the app makes it inside a VM or on this PC, made here by the same rows of the same table, and removed by what Windows gave it. */
import { describe, expect, it } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import type { CmdletName, Params } from '../../../src/core/cmdlets/catalog.js';
import { readOf } from '../../../src/core/cmdlets/reads.js';
import type { Thing, ThingToMake } from '../../../src/core/machine/goal.js';
import type { Machine } from '../../../src/core/machine/machine.js';
import { hostEnd } from '../../../src/core/network/names.js';
import { actOfMaking, actOfRemoving, idsOf, isThere, madeBy, problemOfMaking, removalOrder, sameAs } from '../../../src/core/network/things.js'; // prettier-ignore
import { eventually, type Live } from '../suite.js';
import { isLive } from '../target.js';

const at = thisPc;
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

  const nat = (name: string, prefix: string): ThingToMake<'nat'> => {
    return { what: 'nat', at, name: `${live().target.prefix}-${name}`, prefix };
  };
  const switchName = (): string => `${live().target.prefix}-switch`;
  const made: Thing[] = [];

  describe('a network for nested VMs', () => {
    it('has a switch, whose end on this PC comes with it', async () => {
      made.push(await make({ what: 'switch', at, name: switchName() }));
      const hasEnd = ({ network }: Machine): boolean => network?.adapters?.some(({ name }) => name === hostEnd(switchName())) === true; // prettier-ignore
      // A moment after it.
      expect(hasEnd(await eventually(live().target, 30, read, hasEnd))).toBe(true);
    });

    it('has an address on that end, which takes DHCP and name servers too, and loses them again', async () => {
      await setByNumber(hostEnd(switchName()));
      made.push(
        await make({ what: 'address', at, address: `${subnet}.1`, prefixLength: 24, switchName: switchName() }),
      );
    });

    it('has a NAT network where there is none yet; a second one is refused by what is read, whatever Windows does with it', async () => {
      const { ask, recorder, session } = live();
      const first = nat('nat', `${subnet}.0/24`);
      const problem = problemOfMaking(null, await read(), first);
      recorder.found('NAT networks of others', problem === null ? 'none' : 'there');
      if (problem === null) {
        made.push(await make(first));
        const { rows = [], errors } = readOf(await ask('Get-CimInstance/MSFT_NetNat', {}));
        expect(errors).toEqual([]);
        const own = rows.filter(({ Name }) => Name === first.name);
        expect(own).toEqual([expect.objectContaining({ InternalIPInterfaceAddressPrefix: first.prefix })]);
      } else expect([isLive, problem]).toMatchObject([true, { key: 'advice.natOther' }]);

      const second = nat('second', '192.168.214.0/24');
      expect(problemOfMaking(null, await read(), second)).toMatchObject({ key: 'advice.natOther' });
      const [answer] = await session.call([actOfMaking(second).call]);
      const failure = answer && 'failed' in answer ? answer.failed : undefined;
      recorder.found('second NAT network', failure ? (failure.record?.id ?? failure.kind) : 'taken');
      const taken = madeBy(await read(), second, []);
      expect(taken === undefined).toBe(failure !== undefined);
      if (taken) made.push(taken);
    });

    it('hands on a port of this PC where the NAT network is ours; what is taken is refused by what is read', async () => {
      const { recorder, session } = live();
      const own = made.find(({ what }) => what === 'nat');
      if (own?.what !== 'nat') return;
      const port: ThingToMake<'mapping'> = { what: 'mapping', at, natName: own.name, protocol: 'TCP', hostPort: 48_123, address: `${subnet}.2`, vmPort: 80 }; // prettier-ignore
      made.push(await make(port), await make({ ...port, protocol: 'UDP' }));
      // Which number Windows gives TCP and UDP; another one is not known, and taken for either.
      recorder.found('protocols of mappings', (await read()).network?.mappings?.map(({ protocol }) => protocol ?? 'another').join(' ') ?? 'unread'); // prettier-ignore
      expect(problemOfMaking(null, await read(), port)).toMatchObject({ key: 'ports.taken' });
      const busy = (await read()).network?.listeners?.find(({ protocol }) => protocol === 'TCP');
      for (const [name, hostPort] of [
        ['a second mapping of a port', port.hostPort],
        ['a mapping of a port that a program uses', busy?.port ?? 445],
      ] as const) {
        const [answer] = await session.call([actOfMaking({ ...port, hostPort }).call]);
        const failure = answer && 'failed' in answer ? answer.failed : undefined;
        recorder.found(name, failure ? (failure.record?.id ?? failure.kind) : 'taken');
        const taken = madeBy(
          await read(),
          { ...port, hostPort },
          made.map(({ id }) => id),
        );
        if (taken) made.push(taken);
      }
    });

    it('is where an adapter is connected to and disconnected from', async () => {
      const { ask, pc } = live();
      const name = await live().make('plugged');
      const adapter = async () => (await pc.vm(name)).adapters?.[0];
      const on = { vm: pc.id(name), adapter: (await adapter())?.id ?? '' };
      expect(await ask('Connect-VMNetworkAdapter', { SwitchName: switchName() }, on)).toMatchObject({ errors: [] });
      expect((await adapter())?.switchName).toBe(switchName());
      expect(await ask('Disconnect-VMNetworkAdapter', {}, on)).toMatchObject({ errors: [] });
      expect((await adapter())?.switchId).toBeNull();
    });

    it('goes again, each thing by what Windows gave it', async () => {
      expect(made.length).toBeGreaterThan(1);
      for (const what of removalOrder)
        for (const thing of made.filter((one) => one.what === what)) {
          const before = await read();
          expect(sameAs(before, thing)).toBe(true);
          const act = actOfRemoving(before, thing);
          if (!act) throw new Error(`not to be told from others: ${what}`);
          const [gone] = await live().session.call([act.call]);
          expect([what, gone]).toMatchObject([what, { errors: [] }]);
        }
      const isGone = (now: Machine): readonly unknown[] => made.map((one) => isThere(now, one));
      const after = await eventually(live().target, 30, read, (now) => isGone(now).every((one) => one === 'gone'));
      expect(isGone(after)).toEqual(made.map(() => 'gone'));
    });
  });
}
