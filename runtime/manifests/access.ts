import {
  type ClusterKind,
  foreignKinds,
  ownKinds,
  referencedKinds,
  sharedKinds,
  workloadKinds,
  writtenKinds,
} from "../controller/kinds.ts";
import { CONTROLLER, EXTENSION_SECRETS, LEADER_LEASE } from "./names.ts";
import { type Manifest, metadataOf, namespaceOf, type RuntimeOptions } from "./options.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** Of the right to read Secrets and ConfigMaps, in each namespace that has it. */
const SECRETS_ROLE = `${CONTROLLER}-secrets`;

const READ = ["get", "list", "watch"];
const WRITE = ["create", "patch", "delete"];

/** Who the controller is and what it may do: what it reads and writes, no more. */
export function accessManifests(options: RuntimeOptions): Manifest[] {
  const rbac = "rbac.authorization.k8s.io";
  const metadata = metadataOf(CONTROLLER, options);
  const { namespace: _, ...clusterMetadata } = metadata;
  const subjects = [{ kind: "ServiceAccount", name: CONTROLLER, namespace: namespaceOf(options) }];
  const bound = (kind: "ClusterRole" | "Role", name = CONTROLLER) => ({
    roleRef: { apiGroup: rbac, kind, name },
    subjects,
  });
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    { apiVersion, kind: "ClusterRole", metadata: clusterMetadata, rules: clusterRules(options) },
    {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: clusterMetadata,
      ...bound("ClusterRole"),
    },
    { apiVersion, kind: "Role", metadata, rules: ownRules() },
    { apiVersion, kind: "RoleBinding", metadata, ...bound("Role") },
    ...(options.secretNamespaces ?? []).flatMap((namespace) => {
      const there = { ...metadataOf(SECRETS_ROLE, options), namespace };
      const rules = [...rulesFor(referencedKinds, READ), ...tokenRules(options)];
      return [
        { apiVersion, kind: "Role", metadata: there, rules },
        { apiVersion, kind: "RoleBinding", metadata: there, ...bound("Role", SECRETS_ROLE) },
      ];
    }),
  ];
}

/**
 * Rights on objects of users, wherever they are. Of Secrets the controller lists and watches the
 * metadata, and gets by name what is referred to; a right cannot say either, so that namespaces are
 * what narrows it.
 */
function clusterRules(options: RuntimeOptions): Rule[] {
  const { gatewayExtProc = true, secretNamespaces } = options;
  const referenced = secretNamespaces === undefined ? referencedKinds : [];
  return [
    ...rulesFor([...ownKinds, ...foreignKinds, ...referenced], READ),
    ...rulesFor(
      [...ownKinds, ...sharedKinds].map((kind) => ({ ...kind, plural: `${kind.plural}/status` })),
      ["patch"],
    ),
    ...rulesFor([...writtenKinds, ...(gatewayExtProc ? workloadKinds : [])], [...READ, ...WRITE]),
    ...(secretNamespaces === undefined ? tokenRules(options) : []),
    { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create"] },
  ];
}

/** For tokens that it obtains for policies. No right can say that it leaves alone what is not its own. */
const tokenRules = ({ obtainsTokens = true }: RuntimeOptions): Rule[] =>
  obtainsTokens ? [{ apiGroups: [""], resources: ["secrets"], verbs: ["create", "patch"] }] : [];

/** One rule for each API group. */
function rulesFor(kinds: readonly ClusterKind[], verbs: string[]): Rule[] {
  const groups = new Set(kinds.map(({ group }) => group));
  return [...groups].map((group) => ({
    apiGroups: [group],
    resources: kinds.filter((kind) => kind.group === group).map(({ plural }) => plural),
    verbs,
  }));
}

/** Rights in the controller's own namespace. Names cannot narrow `create`, which has none yet. */
const ownRules = (): Rule[] => [
  { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
  {
    apiGroups: [""],
    resources: ["secrets"],
    resourceNames: Object.values(EXTENSION_SECRETS),
    verbs: ["get", "update"],
  },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [LEADER_LEASE],
    verbs: ["get", "update"],
  },
];
