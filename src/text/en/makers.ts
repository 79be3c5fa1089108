/** Virtualization of other makers: on this PC, and inside a VM. */
export const makers = {
  'makers.none': 'No other virtualization was found',
  'makers.noneWhy': 'Looked for {names:list}: among drivers, services and installed programs.',
  'makers.unread': 'Whether other virtualization is installed couldn’t be read in full',
  'makers.unreadWhy': '{names:list} may be among the drivers, services or programs that Windows didn’t list.',
  'makers.onPc': '{name} is installed on this PC',
  'makers.onPcFine': '{name} runs beside Hyper-V',
  'makers.inside': '{name} is installed inside {vm} and isn’t supported there',
  'makers.insideWorks': '{name} is installed inside {vm}',
  'makers.virtualBoxPc':
    'While Hyper-V runs, VirtualBox 6.0 and later goes through Windows Hypervisor Platform and is slower; older versions fail. Nesting isn’t affected.',
  'makers.virtualBoxInside':
    'It wants the processor’s extensions for itself, and may fail in a Hyper-V VM. Run these VMs in Hyper-V inside; VirtualBox can also go through Windows Hypervisor Platform, slower and unsupported.',
  'makers.vmwarePc':
    'While Hyper-V runs, Workstation and Player 15.5.5 and later go through Windows Hypervisor Platform and are slower; older versions fail. Nesting isn’t affected.',
  'makers.vmwareInside':
    'It wants the processor’s extensions for itself, and may fail in a Hyper-V VM. Run these VMs in Hyper-V inside; Workstation 15.5.5 and later can also go through Windows Hypervisor Platform, slower and unsupported.',
  'makers.haxmPc':
    'It doesn’t work while Hyper-V runs, and isn’t needed: the Android emulator can use Windows Hypervisor Platform (WHPX). Nesting isn’t affected.',
  'makers.haxmInside':
    'It doesn’t work beside Hyper-V. Let the Android emulator use Windows Hypervisor Platform (WHPX), which can be turned on inside.',
  'makers.dockerPc': 'Its WSL 2 back end uses the same hypervisor. Nothing has to change.',
  'makers.dockerInside':
    'Use its WSL 2 back end: that works inside with nesting on and Virtual Machine Platform turned on there.',
} as const;
