export const learn = {
  'learn.title': 'How a VM runs in a VM',
  'learn.lead':
    'Hyper-V needs the processor’s virtualization extensions and normally keeps them to itself. Nested virtualization also exposes them to a VM. The drawings show your own PC.',
  'learn.more': 'Learn more',
  'learn.moreOf': 'Learn more: {title:words}',
  'learn.without': 'Without nested virtualization',
  'learn.withoutWhy': 'The extensions end at {pc}. A hypervisor in {vm} has nothing to run on.',
  'learn.withoutPicture': '{pc} has {extensions} and keeps them. {vm} runs, but Hyper-V in it can’t start.',
  'learn.with': 'With nested virtualization',
  'learn.withWhy': '{vm} can use them, too. It runs its own Hyper-V, and {nested} starts in it.',
  'learn.withPicture':
    '{pc} has {extensions} and exposes them to {vm}. Hyper-V in {vm} runs, and {nested} starts in it.',
  'learn.aVm': 'your VM',
  'learn.aNestedVm': 'a nested VM',
  'learn.processor': 'Processor',
  'learn.extensions': 'extensions',
  'learn.itself': 'Its guest',
  'learn.either': 'runs either way',
  'learn.cannotStart': 'Hyper-V can’t start',
  'learn.noVm': 'no VM',
  'learn.inside': 'runs in it',
  'learn.kept': 'stops here',
  'learn.handedOn': 'exposed',
  'learn.wrong': 'Common misconceptions',
  'learn.wrongMemory': '“Dynamic memory has to be off.”',
  'learn.wrongMemoryWhy': 'No. The amount just doesn’t adjust while a hypervisor runs in the VM.',
  'learn.wrongSecurity': '“Virtualization-based security has to be off on the host.”',
  'learn.wrongSecurityWhy': 'No. An old script says so, but nested virtualization works with it.',
  'learn.wrongAmd': '“AMD can’t do it.”',
  'learn.wrongAmdWhy':
    'It can, on Windows 11 or Server 2022 and later, with configuration version 9.3 or later (10.0 is better).',
  'learn.network': 'Networks for nested VMs',
  'learn.networkDefault': 'Default Switch',
  'learn.networkDefaultWhy':
    'If the VM runs Windows 10 or 11, its Hyper-V has one, with NAT, addresses, and DNS. Server has none.',
  'learn.networkNat': 'NAT in the VM',
  'learn.networkNatWhy':
    'Works over Wi-Fi and in clouds, because the outside sees only the VM. You set addresses and DNS in each nested VM. One NAT network per VM.',
  'learn.networkSpoofing': 'MAC address spoofing',
  'learn.networkSpoofingWhy':
    'Nested VMs are on your network themselves. Needs an external switch in the VM and a wired network: Wi-Fi usually drops their frames.',
  'learn.others': 'Applications from other vendors',
  'learn.othersWhy':
    'Only Hyper-V and what builds on it is supported in a VM: WSL 2, Docker with WSL 2, and the Android emulator with WHPX.',
  'learn.foundHere': 'Found on {pc}.',
  'learn.found': 'Found in {names:list}.',
} as const;
