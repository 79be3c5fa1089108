/** Why a hop of the network test failed, most likely. */
export const proof = {
  'proof.noAddress': 'It has no IP address on any network.',
  'proof.notConnected': 'The adapter of {vm} isn’t connected to a switch.',
  'proof.spoofingOff':
    'MAC address spoofing is off for the adapter of {vm}, so frames from nested VMs are dropped there.',
  'proof.natGivesNone': 'A NAT network doesn’t assign addresses: {vm} needs a static one.',
  'proof.privateSwitch': '{vm} is on a private switch, where nothing assigns addresses.',
  'proof.noDhcp': 'Nothing on the switch of {vm} assigns addresses.',
  'proof.noGateway': 'It has no gateway, so it can’t reach anything outside its own network.',
  'proof.gatewayGone': '{gateway} is no longer an address of {vm}: the gateway of the NAT network is missing.',
  'proof.gatewaySilent': '{gateway} doesn’t respond, and nothing behind it does.',
  'proof.noDns': 'It has no DNS server.',
  'proof.dnsSilent': '{server} doesn’t respond. It might belong to a VPN that isn’t connected.',
  'proof.severalNats': '{vm} has {count} NAT networks; Windows supports one.',
  'proof.outsideSilent': 'Names are resolved, but {name} doesn’t respond. A proxy or firewall might block it.',
} as const;
