// Addresses that are not of the internet: the one list of them, for whoever grants or advises by
// it.

/** RFC 1122, RFC 4291. */
export const LOOPBACK_RANGES = ['127.0.0.0/8', '::1/128'] as const;

/** RFC 3927, RFC 4291. */
export const LINK_LOCAL_RANGES = ['169.254.0.0/16', 'fe80::/10'] as const;

/** RFC 6598: the customers of a carrier are strangers to each other. */
export const CARRIER_RANGE = '100.64.0.0/10';

/** Besides the above RFC 1918 and, of IPv6, unique local addresses (RFC 4193). */
export const PRIVATE_RANGES: readonly string[] = [
  LOOPBACK_RANGES[0],
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  CARRIER_RANGE,
  LINK_LOCAL_RANGES[0],
  LOOPBACK_RANGES[1],
  'fc00::/7',
  LINK_LOCAL_RANGES[1],
];
