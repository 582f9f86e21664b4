/**
 * The three laws of ARCHITECTURE.md, checked: registries, purity, edges.
 */
const PURE =
  "^runtime/(lib|api|program|conversation|endpoints|schemas|tasks|providers|controller/(snapshot|compile|xds|objects|status|extension)|manifests|ext_proc/(http2|wire|session|pipeline|cost))(/|\\.ts$)";
const NOT_SHIPPED = "\\.test\\.ts$|/generate/|/testdata/|^runtime/images/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Files that need each other are one file, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "purity",
      comment: "Pure folders do no I/O: they take bytes, clocks and ids as arguments.",
      severity: "error",
      from: { path: PURE, pathNot: NOT_SHIPPED },
      to: {
        dependencyTypes: ["core"],
        pathNot: "^(node:)?(net|crypto|buffer|zlib|url|util|assert)$",
      },
    },
    {
      name: "pure-stays-pure",
      comment: "A pure folder may not reach I/O through a neighbour.",
      severity: "error",
      from: { path: PURE, pathNot: NOT_SHIPPED },
      to: {
        path: "^runtime/(standalone|cli|telemetry|ext_proc/(server|accounting|main)|controller/(kube|servers|main)|credentials/[^/]+/rotate)|^(test|examples|components)/",
      },
    },
    {
      name: "pure-without-clients",
      comment: "Loggers, gRPC, Kubernetes and metrics belong to the edges.",
      severity: "error",
      from: { path: PURE, pathNot: NOT_SHIPPED },
      to: { path: "node_modules/(pino|@grpc|@kubernetes|@opentelemetry|commander)" },
    },
    {
      name: "runtime-below-components",
      severity: "error",
      from: { path: "^runtime" },
      to: { path: "^components" },
    },
    {
      name: "components-see-what-is-pure",
      comment:
        "Components build objects and judge them in preview; compile() is that judgement. Nothing that runs in the cluster is theirs.",
      severity: "error",
      from: { path: "^components", pathNot: NOT_SHIPPED },
      to: {
        path: "^runtime",
        pathNot:
          "^runtime/(api|lib|manifests|controller/(compile|snapshot))/|/meta\\.ts$|/catalog\\.ts$",
      },
    },
    {
      name: "planes-meet-in-the-program",
      comment:
        "The controller and ext_proc share program/, and the registries they are built from.",
      severity: "error",
      from: { path: "^runtime/ext_proc", pathNot: NOT_SHIPPED },
      to: { path: "^runtime/(controller|standalone|cli)/" },
    },
    {
      name: "controller-not-from-ext_proc",
      severity: "error",
      from: { path: "^runtime/controller", pathNot: NOT_SHIPPED },
      to: { path: "^runtime/ext_proc", pathNot: "^runtime/ext_proc/cost/" },
    },
    {
      name: "providers-by-registry",
      comment:
        "A provider is reached through the registry alone, so that adding one touches one line.",
      severity: "error",
      from: {
        path: "^(runtime|components)/",
        pathNot: `^runtime/providers/(registry|catalog)\\.ts$|^runtime/providers/[^/]+/|${NOT_SHIPPED}`,
      },
      to: { path: "^runtime/providers/[^/]+/" },
    },
    {
      name: "providers-apart",
      comment:
        "Providers do not know each other; what they share is in lib, schemas or conversation.",
      severity: "error",
      from: { path: "^runtime/providers/([^/]+)/", pathNot: NOT_SHIPPED },
      to: { path: "^runtime/providers/[^/]+/", pathNot: "^runtime/providers/$1/" },
    },
    {
      name: "shipped-code-without-tests",
      severity: "error",
      from: { path: "^(runtime|components)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^test/|\\.test\\.ts$" },
    },
    {
      name: "no-dev-dependencies-shipped",
      severity: "error",
      from: { path: "^(runtime|components)/", pathNot: NOT_SHIPPED },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^protos/gen" },
    exclude: { path: "^protos/gen" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
