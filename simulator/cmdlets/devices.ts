/** Drives, firmware and security of a VM: what a VM that is made is given. */
import { CmdletError } from '../errors.js';
import { fileAt, troubleValues } from '../files.js';
import { ofVm, type Row } from '../objects.js';
import { references } from '../parameters.js';
import type { SimulatedMachine, SimulatedVm, VmSettings } from '../world.js';
import { changeVms, confirmed, forEachVm, problem, serving, targetOf, valuesOf, type Invocation, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js'; // prettier-ignore
import { ofVms } from './reads.js';
import { applySettings } from './settings.js';

/** A drive on the one controller of generation 2. */
const driveRow = (machine: SimulatedMachine, vm: SimulatedVm, at: number): Row => ({
  ...ofVm(machine, vm),
  ControllerType: 'SCSI',
  ControllerNumber: 0,
  ControllerLocation: at,
  PoolName: 'Primordial',
});

const diskRows = (machine: SimulatedMachine, vm: SimulatedVm): readonly Row[] =>
  vm.settings.disks.map((path, at) => ({
    ...driveRow(machine, vm, at),
    Name: `Hard Drive on SCSI controller number 0 at location ${String(at)}`,
    Id: `Microsoft:${vm.id.toUpperCase()}\\0\\${String(at)}\\D`,
    Path: path,
    DiskNumber: null,
  }));

const dvdRows = (machine: SimulatedMachine, vm: SimulatedVm): readonly Row[] =>
  vm.settings.dvds.map(({ id, path }, index) => {
    const at = vm.settings.disks.length + index;
    const Name = `DVD Drive on SCSI controller number 0 at location ${String(at)}`;
    return { ...driveRow(machine, vm, at), Name, Id: id, DvdMediaType: path === '' ? 'None' : 'ISO', Path: path };
  });

function firmwareRows(invocation: Invocation, vm: SimulatedVm): readonly Row[] {
  if (vm.generation === 1) {
    problem(invocation, 'gen1-firmware', valuesOf(vm));
    return [];
  }
  const { secureBoot, secureBootTemplate } = vm.settings;
  const row = { ...ofVm(invocation.machine, vm), SecureBoot: secureBoot, SecureBootTemplate: secureBootTemplate };
  return [{ ...row, PreferredNetworkBootProtocol: 'IPv4', ConsoleMode: 'Default', PauseAfterBootFailure: 'Off' }];
}

const securityRow = ({ name }: SimulatedMachine, { settings }: SimulatedVm): Row => ({
  ComputerName: name,
  TpmEnabled: settings.tpm,
  KsdEnabled: false,
  Shielded: false,
  EncryptStateAndVmMigrationTraffic: false,
  VirtualizationBasedSecurityOptOut: false,
  BindToHostTpm: false,
  IsDeleted: false,
});

/** What is set only while the VM is off. */
const whileOff =
  (change: (vm: SimulatedVm, invocation: Invocation) => Partial<VmSettings>): SimulatedCmdlet =>
  async (invocation) => {
    await forEachVm(invocation, changeVms(invocation), (vm) => {
      if (vm.state !== 'Off') throw new CmdletError('state-invalid', {}, targetOf(vm));
      applySettings(invocation, vm, change(vm, invocation));
    });
    return {};
  };

const setFirmware = whileOff((vm, { parameters }) => {
  if (vm.generation === 1) throw new CmdletError('gen1-firmware');
  const { EnableSecureBoot: on, SecureBootTemplate: template } = parameters;
  const [first] = references(parameters['FirstBootDevice']);
  if (first && !vm.settings.dvds.some(({ id }) => id.toLowerCase() === first.id.toLowerCase()))
    throw new CmdletError('not-simulated', { cmdlet: 'A first boot device that is no DVD drive of the VM' });
  return {
    ...(on === 'On' || on === 'Off' ? { secureBoot: on } : {}),
    ...(typeof template === 'string' ? { secureBootTemplate: template } : {}),
    ...(first ? { firstBoot: first.id } : {}),
  };
});

/** Of generation 2 also while it runs. */
const addDvd: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, world } = invocation;
  const path = typeof parameters['Path'] === 'string' ? parameters['Path'] : '';
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    if (path !== '' && !fileAt(machine, path)) throw new CmdletError('dvd-not-added', troubleValues('no-file', path));
    const id = `Microsoft:${vm.id.toUpperCase()}\\${world.newId().toUpperCase()}\\0\\D`;
    applySettings(invocation, vm, { dvds: [...vm.settings.dvds, { id, path }] });
  });
  return {};
};

export const devices: Readonly<Record<string, ServedCmdlet>> = {
  'Get-VMHardDiskDrive': serving(
    ofVms('HardDiskDrive', ({ machine }, vm) => diskRows(machine, vm)),
    'VM VMName',
  ),
  'Get-VMDvdDrive': serving(
    ofVms('DvdDrive', ({ machine }, vm) => dvdRows(machine, vm)),
    'VM VMName',
  ),
  'Get-VMFirmware': serving(ofVms('VMFirmware', firmwareRows), 'VM VMName'),
  'Get-VMSecurity': serving(
    ofVms('VMSecurity', ({ machine }, vm) => [securityRow(machine, vm)]),
    'VM VMName',
  ),
  'Set-VMFirmware': serving(setFirmware, 'VM VMName EnableSecureBoot SecureBootTemplate FirstBootDevice', confirmed),
  'Add-VMDvdDrive': serving(addDvd, 'VM VMName Path', confirmed),
  'Set-VMKeyProtector': serving(whileOff(() => ({ keyProtector: true })), 'VM VMName', { NewLocalKeyProtector: [true], ...confirmed }), // prettier-ignore
  'Enable-VMTPM': serving(
    whileOff((vm) => {
      if (!vm.settings.keyProtector) throw new CmdletError('tpm-no-protector');
      return { tpm: true };
    }),
    'VM VMName',
    confirmed,
  ),
};
