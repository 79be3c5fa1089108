/** Why a hop of the network test failed, most likely. */
export const proof = {
  'proof.noAddress': 'It has no address of a network.',
  'proof.notConnected': 'The adapter of {vm} isn’t connected to a switch.',
  'proof.spoofingOff': 'MAC address spoofing is off for the adapter of {vm}: what nested VMs send is dropped there.',
  'proof.natGivesNone': 'A NAT network doesn’t assign addresses: {vm} needs a static one.',
  'proof.privateSwitch': '{vm} is on a private switch, where nobody hands out addresses.',
  'proof.noDhcp': 'Nobody on the switch of {vm} hands out addresses.',
  'proof.noGateway': 'It knows no gateway: nothing leads out of its own network.',
  'proof.gatewayGone': '{gateway} is no longer an address of {vm}: the gateway of the NAT network is missing.',
  'proof.gatewaySilent': '{gateway} doesn’t answer, and nothing behind it does.',
  'proof.noDns': 'It knows no name server.',
  'proof.dnsSilent': '{server} doesn’t answer. It may belong to a VPN that isn’t connected.',
  'proof.severalNats': '{vm} has {count} NAT networks; Windows supports one.',
  'proof.outsideSilent': 'Names are found, but {name} doesn’t answer. A proxy or firewall may stand between.',
} as const;
