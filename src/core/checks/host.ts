/** Whether this PC can offer nesting: processor, Windows, role, services (domain §1). */
import { awaitsRestart, isHome } from '../machine/access.js';
import type { HostFacts, Machine } from '../machine/machine.js';
import { lowestBuild } from '../machine/nesting.js';
import { facts, type Check } from './check.js';
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
  if (!processor)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.processorUnread' },
      why: { key: 'checks.processorUnreadWhy' },
    };
  if (processor.architecture === 9)
    return {
      ...base,
      verdict: 'ok',
      title: { key: 'checks.architectureX64' },
      why: { key: 'checks.architectureX64Why' },
    };
  return {
    ...base,
    verdict: 'blocker',
    title: { key: 'checks.architectureOther', params: { name: isArm(processor.architecture) ? 'ARM64' : 'x86' } },
    why: { key: 'checks.architectureOtherWhy' },
  };
}
const isArm = (architecture: number): boolean => architecture === 12 || architecture === 5;

function windows({ windows: system, processor }: HostFacts): Check {
  const evidence = [
    ...facts('Win32_OperatingSystem.Caption', system?.caption),
    ...facts('Win32_OperatingSystem.BuildNumber', system?.build),
  ];
  const base = { id: 'windows', evidence } as const;
  if (!system)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.windowsUnread' },
      why: { key: 'checks.windowsUnreadWhy' },
    };
  const params = { windows: shortName(system.caption), build: String(system.build) };
  if (!processor || processor.vendor === 'other')
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.windowsUnsure', params },
      why: { key: 'checks.windowsUnsureWhy' },
    };
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
  if (!system)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.windowsUnread' },
      why: { key: 'checks.windowsUnreadWhy' },
    };
  const params = { windows: shortName(system.caption) };
  return isHome(system.sku)
    ? {
        ...base,
        verdict: 'blocker',
        title: { key: 'checks.editionHome', params },
        why: { key: 'checks.editionHomeWhy' },
      }
    : { ...base, verdict: 'ok', title: { key: 'checks.editionFine', params }, why: { key: 'checks.editionFineWhy' } };
}

function processor({ processor: cpu }: HostFacts): Check {
  const base = {
    id: 'processor',
    evidence: [...facts('Win32_Processor.Name', cpu?.name), ...facts('Win32_Processor.Manufacturer', cpu?.vendor)],
  } as const;
  if (!cpu)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.processorUnread' },
      why: { key: 'checks.processorUnreadWhy' },
    };
  const params = { name: cpu.name };
  if (cpu.vendor === 'other')
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.processorOther' },
      why: { key: 'checks.processorOtherWhy' },
    };
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
  if (!cpu || !computer)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.extensionsUnread' },
      why: { key: 'checks.extensionsUnreadWhy' },
    };
  if (computer.hypervisorPresent)
    return belowOf(computer) === 'none'
      ? {
          ...base,
          verdict: 'ok',
          title: { key: 'checks.extensionsUsed', params: names },
          why: { key: 'checks.extensionsUsedWhy' },
        }
      : {
          ...base,
          verdict: 'unknown',
          title: { key: 'checks.extensionsUnsure' },
          why: { key: 'checks.extensionsUnsureWhy' },
        };
  if (cpu.vmMonitorMode === false || cpu.slat === false)
    return {
      ...base,
      verdict: 'blocker',
      title: { key: 'checks.extensionsMissing', params: names },
      why: { key: 'checks.extensionsMissingWhy' },
    };
  if (cpu.firmwareEnabled === false)
    return {
      ...base,
      verdict: 'blocker',
      title: { key: 'checks.extensionsOff', params: names },
      why: { key: 'checks.extensionsOffWhy' },
    };
  if (cpu.vmMonitorMode && cpu.slat && cpu.firmwareEnabled)
    return {
      ...base,
      verdict: 'ok',
      title: { key: 'checks.extensionsThere', params: names },
      why: { key: 'checks.extensionsThereWhy' },
    };
  return {
    ...base,
    verdict: 'unknown',
    title: { key: 'checks.extensionsUnread' },
    why: { key: 'checks.extensionsUnreadWhy' },
  };
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
  const unread = {
    ...base,
    verdict: 'unknown',
    title: { key: 'checks.belowUnread' },
    why: { key: 'checks.belowUnreadWhy' },
  } as const;
  if (!computer) return unread;
  const params = { maker: computer.manufacturer, model: computer.model };
  switch (belowOf(computer)) {
    case 'unknown':
      return unread;
    case 'none':
      return {
        ...base,
        verdict: 'ok',
        title: { key: 'checks.belowNone' },
        why: { key: 'checks.belowNoneWhy', params },
      };
    case 'hyper-v':
      return {
        ...base,
        verdict: 'advice',
        title: { key: 'checks.belowHyperV' },
        why: { key: 'checks.belowHyperVWhy' },
      };
    case 'other':
      return {
        ...base,
        verdict: 'warning',
        title: { key: 'checks.belowOther', params: { maker: computer.manufacturer } },
        why: { key: 'checks.belowOtherWhy' },
      };
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
  if (awaitsRestart(host))
    return {
      ...base,
      verdict: 'blocker',
      title: { key: 'checks.roleWaits' },
      why: { key: 'checks.roleWaitsWhy' },
      ...restartFix,
    };
  // Without its service it may be waiting for a restart.
  if (services?.['vmms'])
    return { ...base, verdict: 'ok', title: { key: 'checks.roleOn' }, why: { key: 'checks.roleOnWhy' } };
  if (!features || (!services && feature === 'enabled'))
    return { ...base, verdict: 'unknown', title: { key: 'checks.roleUnread' }, why: { key: 'checks.roleUnreadWhy' } };
  return {
    ...base,
    verdict: 'blocker',
    title: { key: 'checks.roleOff' },
    why: { key: 'checks.roleOffWhy' },
    // Home has no such feature to enable.
    ...(system && isHome(system.sku) ? {} : enableFix),
  };
}

function hypervisor({ computer, services }: HostFacts): Check {
  const base = {
    id: 'hypervisor',
    evidence: facts('Win32_ComputerSystem.HypervisorPresent', computer?.hypervisorPresent),
  } as const;
  if (!computer)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.hypervisorUnread' },
      why: { key: 'checks.hypervisorUnreadWhy' },
    };
  // In a guest HypervisorPresent is always true: it says nothing of this PC's own hypervisor (domain §3).
  if (computer.hypervisorPresent && belowOf(computer) !== 'none')
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.hypervisorUnread' },
      why: { key: 'checks.hypervisorUnsureWhy' },
    };
  if (computer.hypervisorPresent)
    return {
      ...base,
      verdict: 'ok',
      title: { key: 'checks.hypervisorRuns' },
      why: { key: 'checks.hypervisorRunsWhy' },
    };
  return {
    ...base,
    verdict: 'blocker',
    title: { key: 'checks.hypervisorOff' },
    why: { key: 'checks.hypervisorOffWhy' },
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
  if (!services)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'checks.serviceUnread' },
      why: { key: 'checks.serviceUnreadWhy' },
    };
  if (!vmms)
    return {
      ...base,
      verdict: 'blocker',
      title: { key: 'checks.serviceAbsent' },
      why: { key: 'checks.serviceAbsentWhy' },
    };
  if (vmms.state === 'Running')
    return { ...base, verdict: 'ok', title: { key: 'checks.serviceRuns' }, why: { key: 'checks.serviceRunsWhy' } };
  return {
    ...base,
    verdict: 'blocker',
    title: { key: 'checks.serviceStopped', params: { state: vmms.state } },
    why: { key: 'checks.serviceStoppedWhy' },
    fix: { kind: 'act', act: 'start-service' },
    fixLabel: { key: 'checks.fixStartService' },
  };
}

/** Said because old scripts blame it; Microsoft's own maintainer said that nesting works with it on the host (domain §3, §7). */
function virtualizationBasedSecurity({ vbsStatus }: HostFacts): readonly Check[] {
  if (vbsStatus === undefined) return [];
  const evidence = facts('Win32_DeviceGuard.VirtualizationBasedSecurityStatus', vbsStatus);
  const base = { id: 'virtualization-based-security', verdict: 'ok', evidence } as const;
  return [
    vbsStatus === 2
      ? { ...base, title: { key: 'checks.vbsRuns' }, why: { key: 'checks.vbsRunsWhy' } }
      : { ...base, title: { key: 'checks.vbsOff' }, why: { key: 'checks.vbsOffWhy' } },
  ];
}
