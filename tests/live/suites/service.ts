/** The management service stopped and started: last, since nothing else can be asked meanwhile. */
import { describe, expect, it } from 'vitest';
import { ifRead } from '../../../src/core/machine/reading.js';
import { eventually, type Live } from '../suite.js';

export function serviceSuite(live: () => Live): void {
  describe('vmms', () => {
    it('starts by itself again after it was set to be started by hand', async () => {
      const { pc, ask } = live();
      const modeOf = async () => ifRead((await pc.read()).host.services, undefined, (all) => all['vmms']?.startMode);
      expect(await ask('Set-Service/vmms-manual', {})).toMatchObject({ errors: [] });
      try {
        expect(await modeOf()).toBe('Manual');
      } finally {
        expect(await ask('Set-Service/vmms', {})).toMatchObject({ errors: [] });
      }
      expect(await modeOf()).toBe('Auto');
    });

    it('stopped, hides the VMs and is named as what is in the way; started, the VMs are there', async () => {
      const { pc, make, ask, target } = live();
      const name = await make('service');
      const stateOf = async () => {
        const { host, vms } = await pc.read();
        return {
          vmms: ifRead(host.services, undefined, (all) => all['vmms']?.state),
          names: vms?.map((vm) => vm.name),
        };
      };
      expect(await ask('Stop-Service/vmms', {})).toMatchObject({ errors: [] });
      try {
        expect(await stateOf()).toEqual({ vmms: 'Stopped', names: undefined });
      } finally {
        expect(await ask('Start-Service/vmms', {})).toMatchObject({ errors: [] });
      }
      const back = await eventually(target, 60, stateOf, ({ names }) => names?.includes(name) === true);
      expect(back.vmms).toBe('Running');
      expect(back.names).toContain(name);
    });
  });
}
