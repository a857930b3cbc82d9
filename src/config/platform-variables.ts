// The variables of a deployment on the Flux platform: what the platform sets by itself, and what it
// cannot know.
import { UNSET, type Variable } from './variable';

export const PLATFORM_VARIABLES: readonly Variable[] = [
  {
    name: 'APP_NAME',
    default: UNSET,
    meaning:
      'Name of the application on the Flux platform; with one, its other instances are looked up there. Wins over FLUX_APP_NAME.',
    sane: 'none on the platform, which sets FLUX_APP_NAME.',
    danger: 'the name of a strange application: its hosts are asked, and may join when there is no secret.',
  },
  {
    name: 'FLUX_APP_NAME',
    default: UNSET,
    meaning: 'The same, set by the platform in every container.',
    sane: 'leave it alone.',
    danger: 'as above.',
  },
  {
    name: 'FLUX_NODE_HOST_IP',
    default: UNSET,
    meaning:
      'Address of the host when the container was made, set by the platform. What the host tells later (hostinfo) replaces it.',
    sane: 'leave it alone.',
    danger: 'a wrong one is advertised to the peers; REPRAM_ADDRESS wins over it.',
  },
  {
    name: 'FLUX_API_URL',
    default: 'https://api.runonflux.io',
    meaning:
      "Base URLs of the platform's API, separated by commas. They are asked in turn, the next one when one fails or knows nobody.",
    sane: 'the default.',
    danger: 'whoever answers there names hosts that are asked, and may join when there is no secret.',
  },
  {
    name: 'REPRAM_ADVERTISE_PORTS',
    default: UNSET,
    meaning:
      'Ports of the container and of the host that lead to them, as 8081:38081,8082:38082. Without it the specification of the application tells them, else they are taken for equal.',
    sane: "one pair for each port of the container's range.",
    danger: 'a wrong host port leaves the node reachable for its own dials only.',
  },
  {
    name: 'REPRAM_CLUSTER_SECRET_FILE',
    default: UNSET,
    meaning:
      'File whose whole content, without white space at either end, is the secret. Instead of REPRAM_CLUSTER_SECRET.',
    sane: 'a file only the container can read, where the variables are public.',
    danger: 'every node reads it at its start: it must stay there.',
  },
];
