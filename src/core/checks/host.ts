/** Whether this PC can offer nesting: processor, Windows, role, services (domain §1). */
import { awaitsRestart, isHome } from '../machine/access.js';
import type { HostFacts, Machine } from '../machine/machine.js';
import { lowestBuild } from '../machine/nesting.js';
import { facts, say, type Check } from './check.js';
import { natsOfHost } from './nat.js';

export function hostChecks(machine: Machine): readonly Check[] {
  const { host } = machine;
  return [
    architecture(host),
    windows(host),
    edition(host),
    processor(host),
    extensions(host),
    hypervisorBelow(host),
    role(host),
    hypervisor(host),
    service(host),
    ...natsOfHost(machine),
    ...virtualizationBasedSecurity(host),
  ];
}

/** Win32_Processor.Architecture: 9 x64, 12 ARM64, 5 ARM. Said before the vendor is looked at. */
function architecture({ processor }: HostFacts): Check {
  const base = {
    id: 'architecture',
    evidence: facts('Win32_Processor.Architecture', processor?.architecture),
  } as const;
  if (!processor) return { ...base, ...say('unknown', 'checks.processorUnread') };
  if (processor.architecture === 9) return { ...base, ...say('ok', 'checks.architectureX64') };
  return {
    ...base,
    ...say('blocker', 'checks.architectureOther', { name: isArm(processor.architecture) ? 'ARM64' : 'x86' }),
  };
}
const isArm = (architecture: number): boolean => architecture === 12 || architecture === 5;

function windows({ windows: system, processor }: HostFacts): Check {
  const evidence = [
    ...facts('Win32_OperatingSystem.Caption', system?.caption),
    ...facts('Win32_OperatingSystem.BuildNumber', system?.build),
  ];
  const base = { id: 'windows', evidence } as const;
  if (!system) return { ...base, ...say('unknown', 'checks.windowsUnread') };
  const params = { windows: shortName(system.caption), build: String(system.build) };
  if (!processor || processor.vendor === 'other') return { ...base, ...say('unknown', 'checks.windowsUnsure', params) };
  const isAmd = processor.vendor === 'amd';
  const isEnough = system.build >= lowestBuild(processor.vendor, system.server);
  const why = isAmd ? ({ key: 'checks.windowsAmdWhy' } as const) : ({ key: 'checks.windowsIntelWhy' } as const);
  return isEnough
    ? {
        ...base,
        verdict: 'ok',
        title: { key: 'checks.windowsFine', params: { ...params, vendor: vendorName(isAmd) } },
        why,
      }
    : {
        ...base,
        verdict: 'blocker',
        title: { key: 'checks.windowsTooOld', params: { ...params, vendor: vendorName(isAmd) } },
        why,
      };
}
/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
const shortName = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();
const vendorName = (isAmd: boolean): string => (isAmd ? 'AMD' : 'Intel');

function edition({ windows: system }: HostFacts): Check {
  const base = { id: 'edition', evidence: facts('Win32_OperatingSystem.OperatingSystemSKU', system?.sku) } as const;
  if (!system) return { ...base, ...say('unknown', 'checks.windowsUnread') };
  const params = { windows: shortName(system.caption) };
  return isHome(system.sku)
    ? { ...base, ...say('blocker', 'checks.editionHome', params) }
    : { ...base, ...say('ok', 'checks.editionFine', params) };
}

function processor({ processor: cpu }: HostFacts): Check {
  const base = {
    id: 'processor',
    evidence: [...facts('Win32_Processor.Name', cpu?.name), ...facts('Win32_Processor.Manufacturer', cpu?.vendor)],
  } as const;
  if (!cpu) return { ...base, ...say('unknown', 'checks.processorUnread') };
  const params = { name: cpu.name };
  if (cpu.vendor === 'other') return { ...base, ...say('unknown', 'checks.processorOther') };
  return {
    ...base,
    verdict: 'ok',
    title: cpu.vendor === 'amd' ? { key: 'checks.processorAmd' } : { key: 'checks.processorIntel' },
    why: { key: 'checks.processorWhy', params },
  };
}

/**
 * While a hypervisor runs, Win32_Processor reads False or empty for all three: on a physical host the running hypervisor is
 * itself the evidence (domain §1).
 */
function extensions({ processor: cpu, computer }: HostFacts): Check {
  const evidence = [
    ...facts('Win32_ComputerSystem.HypervisorPresent', computer?.hypervisorPresent),
    ...facts('Win32_Processor.VMMonitorModeExtensions', cpu?.vmMonitorMode),
    ...facts('Win32_Processor.SecondLevelAddressTranslationExtensions', cpu?.slat),
    ...facts('Win32_Processor.VirtualizationFirmwareEnabled', cpu?.firmwareEnabled),
  ];
  const base = { id: 'extensions', evidence } as const;
  const isAmd = cpu?.vendor === 'amd';
  const names = { extensions: isAmd ? 'AMD-V' : 'VT-x', paging: isAmd ? 'RVI' : 'EPT' };
  if (!cpu || !computer) return { ...base, ...say('unknown', 'checks.extensionsUnread') };
  if (computer.hypervisorPresent)
    return belowOf(computer) === 'none'
      ? { ...base, ...say('ok', 'checks.extensionsUsed', names) }
      : { ...base, ...say('unknown', 'checks.extensionsUnsure') };
  if (cpu.vmMonitorMode === false || cpu.slat === false)
    return { ...base, ...say('blocker', 'checks.extensionsMissing', names) };
  if (cpu.firmwareEnabled === false) return { ...base, ...say('blocker', 'checks.extensionsOff', names) };
  if (cpu.vmMonitorMode && cpu.slat && cpu.firmwareEnabled)
    return { ...base, ...say('ok', 'checks.extensionsThere', names) };
  return { ...base, ...say('unknown', 'checks.extensionsUnread') };
}

/** Whether this PC is itself a guest: by maker and model. Where these are blank, as some hypervisors leave them, it is not known. */
function belowOf({
  manufacturer,
  model,
}: NonNullable<HostFacts['computer']>): 'none' | 'hyper-v' | 'other' | 'unknown' {
  if (manufacturer.trim() === '' && model.trim() === '') return 'unknown';
  if (manufacturer === 'Microsoft Corporation' && model === 'Virtual Machine') return 'hyper-v';
  return /\b(VMware|QEMU|KVM|Xen|innotek|VirtualBox|Parallels|Bochs|Red Hat|Nutanix|Google Compute Engine|Amazon EC2|OpenStack)\b/i.test(
    `${manufacturer} ${model}`,
  )
    ? 'other'
    : 'none';
}

function hypervisorBelow({ computer }: HostFacts): Check {
  const base = {
    id: 'hypervisor-below',
    evidence: [
      ...facts('Win32_ComputerSystem.Manufacturer', computer?.manufacturer),
      ...facts('Win32_ComputerSystem.Model', computer?.model),
    ],
  } as const;
  const unread = { ...base, ...say('unknown', 'checks.belowUnread') } as const;
  if (!computer) return unread;
  const params = { maker: computer.manufacturer, model: computer.model };
  switch (belowOf(computer)) {
    case 'unknown':
      return unread;
    case 'none':
      return { ...base, ...say('ok', 'checks.belowNone', params) };
    case 'hyper-v':
      return { ...base, ...say('advice', 'checks.belowHyperV') };
    case 'other':
      return { ...base, ...say('warning', 'checks.belowOther', { maker: computer.manufacturer }) };
  }
}

export const enableFix = {
  fix: { kind: 'act', act: 'enable-hyper-v' },
  fixLabel: { key: 'checks.fixEnableHyperV' },
} as const;

export const restartFix = {
  fix: { kind: 'act', act: 'restart' },
  fixLabel: { key: 'checks.fixRestart' },
} as const;

function role(host: HostFacts): Check {
  const { features, services, windows: system } = host;
  const feature = features?.['Microsoft-Hyper-V'];
  const evidence = [
    ...facts('Win32_OptionalFeature Microsoft-Hyper-V', feature ?? (features ? 'absent' : undefined)),
    ...facts('Win32_Service vmms', services ? (services['vmms']?.state ?? 'absent') : undefined),
    ...(host.restartAsked ? facts('Enable-WindowsOptionalFeature -NoRestart', true) : []),
  ];
  const base = { id: 'hyper-v-role', evidence } as const;
  if (awaitsRestart(host)) return { ...base, ...say('blocker', 'checks.roleWaits'), ...restartFix };
  // Without its service it may be waiting for a restart.
  if (services?.['vmms']) return { ...base, ...say('ok', 'checks.roleOn') };
  if (!features || (!services && feature === 'enabled')) return { ...base, ...say('unknown', 'checks.roleUnread') };
  return {
    ...base,
    ...say('blocker', 'checks.roleOff'),
    // Home has no such feature to enable.
    ...(system && isHome(system.sku) ? {} : enableFix),
  };
}

function hypervisor({ computer, services }: HostFacts): Check {
  const base = {
    id: 'hypervisor',
    evidence: facts('Win32_ComputerSystem.HypervisorPresent', computer?.hypervisorPresent),
  } as const;
  if (!computer) return { ...base, ...say('unknown', 'checks.hypervisorUnread') };
  // In a guest HypervisorPresent is always true: it says nothing of this PC's own hypervisor (domain §3).
  if (computer.hypervisorPresent && belowOf(computer) !== 'none')
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.hypervisorUnread' },
      why: { key: 'checks.hypervisorUnsureWhy' },
    };
  if (computer.hypervisorPresent) return { ...base, ...say('ok', 'checks.hypervisorRuns') };
  return {
    ...base,
    ...say('blocker', 'checks.hypervisorOff'),
    ...(services?.['vmms']
      ? ({ fix: { kind: 'act', act: 'hypervisor-auto' }, fixLabel: { key: 'checks.fixHypervisorAuto' } } as const)
      : {}),
  };
}

function service({ services }: HostFacts): Check {
  const vmms = services?.['vmms'];
  const base = {
    id: 'management-service',
    evidence: [
      ...facts('Win32_Service vmms', services ? (vmms?.state ?? 'absent') : undefined),
      ...facts('Win32_Service vmcompute', services ? (services['vmcompute']?.state ?? 'absent') : undefined),
    ],
  } as const;
  if (!services) return { ...base, ...say('unknown', 'checks.serviceUnread') };
  if (!vmms) return { ...base, ...say('blocker', 'checks.serviceAbsent') };
  if (vmms.state === 'Running') return { ...base, ...say('ok', 'checks.serviceRuns') };
  return {
    ...base,
    ...say('blocker', 'checks.serviceStopped', { state: vmms.state }),
    fix: { kind: 'act', act: 'start-service' },
    fixLabel: { key: 'checks.fixStartService' },
  };
}

/** Said because old scripts blame it; Microsoft's own maintainer said that nesting works with it on the host (domain §3, §7). */
function virtualizationBasedSecurity({ vbsStatus }: HostFacts): readonly Check[] {
  if (vbsStatus === undefined) return [];
  const evidence = facts('Win32_DeviceGuard.VirtualizationBasedSecurityStatus', vbsStatus);
  return [
    {
      id: 'virtualization-based-security',
      evidence,
      ...say('ok', vbsStatus === 2 ? 'checks.vbsRuns' : 'checks.vbsOff'),
    },
  ];
}
