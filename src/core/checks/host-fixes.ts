/** What mends this PC; and where that was tried and did not help, what comes next: the other causes that people have found, in their order. */
import type { Message } from '../../text/index.js';
import type { OneShot, Tried } from '../machine/machine.js';
import type { Check, Command } from './check.js';

export const enableFix = {
  fix: { kind: 'act', act: 'enable-hyper-v' },
  fixLabel: { key: 'checks.fixEnableHyperV' },
} as const;

export const restartFix = {
  fix: { kind: 'act', act: 'restart' },
  fixLabel: { key: 'checks.fixRestart' },
} as const;

type Next = (tried: Tried) => Pick<Check, 'why' | 'commands'>;

const next =
  (why: (at: string) => Message, ...commands: readonly Command[]): Next =>
  ({ time }) => ({ why: why(time), commands });

/** Why the service that keeps the list of VMs stopped, on this PC or in a VM. */
export const serviceLog: Command = {
  command: 'Get-WinEvent -LogName Microsoft-Windows-Hyper-V-VMMS-Admin -MaxEvents 20',
  why: { key: 'checks.nextServiceLog' },
};

export const nextCauses: Readonly<Record<OneShot, Next>> = {
  // A feature that holds its old state, firmware that says on and is not (WSL#14384, WSL#5363): Windows' own log tells them apart.
  'hypervisor-auto': next(
    (at) => ({ key: 'checks.hypervisorTriedWhy', params: { at } }),
    {
      command: 'Get-WinEvent -ProviderName Microsoft-Windows-Hyper-V-Hypervisor -MaxEvents 20',
      why: { key: 'checks.nextHypervisorLog' },
    },
    {
      command: 'Disable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V-Hypervisor',
      why: { key: 'checks.nextHypervisorOff' },
    },
    {
      command: 'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V-Hypervisor',
      why: { key: 'checks.nextOn' },
    },
  ),
  'enable-hyper-v': next(
    (at) => ({ key: 'checks.roleTriedWhy', params: { at } }),
    {
      command: 'Get-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V',
      why: { key: 'checks.nextFeatureState' },
    },
    { command: 'DISM.exe /Online /Cleanup-Image /RestoreHealth', why: { key: 'checks.nextFeatureRepair' } },
    {
      command:
        'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V, Microsoft-Hyper-V-Management-PowerShell -All',
      why: { key: 'checks.nextOn' },
    },
  ),
  'start-service': next(
    (at) => ({ key: 'checks.serviceTriedWhy', params: { at } }),
    serviceLog,
    { command: 'Set-Service vmms -StartupType Automatic', why: { key: 'checks.nextServiceAllow' } },
    { command: 'Start-Service vmms', why: { key: 'checks.nextServiceStart' } },
  ),
  'join-group': next((at) => ({ key: 'checks.rightsTriedWhy', params: { at } }), {
    command: 'gpresult.exe /scope computer /r',
    why: { key: 'checks.nextPolicy' },
  }),
};
