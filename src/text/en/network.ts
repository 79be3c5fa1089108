export const network = {
  'network.consentInterrupt': '{name} loses its network for about 10 seconds.',
  'network.consentInterruptKnow':
    'I know that remote desktops and downloads inside are cut off. PowerShell Direct stays.',
  'network.waitsForInterrupt': 'Tick that its network may be interrupted.',
} as const;
