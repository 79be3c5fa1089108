/** Virtualization of other makers: on this PC, and inside a VM. */
export const makers = {
  'makers.none': 'No other virtualization software found',
  'makers.noneWhy': 'Searched drivers, services, and installed programs for {names:list}.',
  'makers.unread': 'Can’t tell whether other virtualization software is installed',
  'makers.unreadWhy': 'Windows didn’t list all drivers, services, or programs. {names:list} might be among them.',
  'makers.onPc': '{app} is installed on {here}',
  'makers.onPcFine': '{app} works alongside Hyper-V',
  'makers.inside': '{app} is installed in {vm} and isn’t supported there',
  'makers.insideWorks': '{app} is installed in {vm}',
  'makers.virtualBoxPc':
    'While Hyper-V runs, VirtualBox 6.0 and later use Windows Hypervisor Platform and are slower. Older versions fail. Nested virtualization isn’t affected.',
  'makers.virtualBoxInside':
    'It needs the processor’s extensions for itself and might fail in a Hyper-V VM. Run these VMs in the guest’s Hyper-V instead. VirtualBox can also use Windows Hypervisor Platform, which is slower and unsupported.',
  'makers.vmwarePc':
    'While Hyper-V runs, Workstation and Player 15.5.5 and later use Windows Hypervisor Platform and are slower. Older versions fail. Nested virtualization isn’t affected.',
  'makers.vmwareInside':
    'It needs the processor’s extensions for itself and might fail in a Hyper-V VM. Run these VMs in the guest’s Hyper-V instead. Workstation 15.5.5 and later can also use Windows Hypervisor Platform, which is slower and unsupported.',
  'makers.haxmPc':
    'It doesn’t work while Hyper-V runs, and isn’t needed: the Android emulator can use Windows Hypervisor Platform (WHPX). Nested virtualization isn’t affected.',
  'makers.haxmInside':
    'It doesn’t work alongside Hyper-V. Let the Android emulator use Windows Hypervisor Platform (WHPX), which you can turn on in the guest.',
  'makers.dockerPc': 'Its WSL 2 back end uses the same hypervisor. Nothing has to change.',
  'makers.dockerInside':
    'Use its WSL 2 back end. It works with nested virtualization on and Virtual Machine Platform turned on in the guest.',
} as const;
