/**
 * Members that are newer than the .proto files @grpc/grpc-js-xds ships: facts of Envoy 1.40's API
 * (the Go module github.com/envoyproxy/go-control-plane/envoy v1.40.0, grpc.health.v1 from google.golang.org/grpc v1.84.0,
 * envoygateway.extension from github.com/envoyproxy/gateway v1.9.0, opentelemetry from go.opentelemetry.io/proto/otlp v1).
 * By type: a field as `oneof: label type = number`, an enum value as its number.
 */
export const newerThanShipped: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cel.expr.ParsedExpr": {
    expr: "single cel.expr.Expr = 2",
  },
  "cel.expr.Expr": {
    id: "single int64 = 2",
    const_expr: "expr_kind: single cel.expr.Constant = 3",
    ident_expr: "expr_kind: single cel.expr.Expr.Ident = 4",
    select_expr: "expr_kind: single cel.expr.Expr.Select = 5",
    call_expr: "expr_kind: single cel.expr.Expr.Call = 6",
    list_expr: "expr_kind: single cel.expr.Expr.CreateList = 7",
    struct_expr: "expr_kind: single cel.expr.Expr.CreateStruct = 8",
    comprehension_expr: "expr_kind: single cel.expr.Expr.Comprehension = 9",
  },
  "cel.expr.Expr.Ident": {
    name: "single string = 1",
  },
  "cel.expr.Expr.Select": {
    operand: "single cel.expr.Expr = 1",
    field: "single string = 2",
    test_only: "single bool = 3",
  },
  "cel.expr.Expr.Call": {
    target: "single cel.expr.Expr = 1",
    function: "single string = 2",
    args: "repeated cel.expr.Expr = 3",
  },
  "cel.expr.Expr.CreateList": {
    elements: "repeated cel.expr.Expr = 1",
    optional_indices: "repeated int32 = 2",
  },
  "cel.expr.Expr.CreateStruct": {
    message_name: "single string = 1",
    entries: "repeated cel.expr.Expr.CreateStruct.Entry = 2",
  },
  "cel.expr.Expr.CreateStruct.Entry": {
    id: "single int64 = 1",
    field_key: "key_kind: single string = 2",
    map_key: "key_kind: single cel.expr.Expr = 3",
    value: "single cel.expr.Expr = 4",
    optional_entry: "single bool = 5",
  },
  "cel.expr.Expr.Comprehension": {
    iter_var: "single string = 1",
    iter_var2: "single string = 8",
    iter_range: "single cel.expr.Expr = 2",
    accu_var: "single string = 3",
    accu_init: "single cel.expr.Expr = 4",
    loop_condition: "single cel.expr.Expr = 5",
    loop_step: "single cel.expr.Expr = 6",
    result: "single cel.expr.Expr = 7",
  },
  "cel.expr.Constant": {
    null_value: "constant_kind: single google.protobuf.NullValue = 1",
    bool_value: "constant_kind: single bool = 2",
    int64_value: "constant_kind: single int64 = 3",
    uint64_value: "constant_kind: single uint64 = 4",
    double_value: "constant_kind: single double = 5",
    string_value: "constant_kind: single string = 6",
    bytes_value: "constant_kind: single bytes = 7",
  },
  "envoy.config.accesslog.v3.ComparisonFilter.Op": {
    NE: "3",
  },
  "envoy.config.bootstrap.v3.Bootstrap": {
    stats_eviction_interval: "stats_eviction: single google.protobuf.Duration = 42",
    enable_worker_cpu_affinity: "single bool = 43",
  },
  "envoy.config.bootstrap.v3.Admin": {
    allow_paths: "repeated envoy.type.matcher.v3.StringMatcher = 7",
  },
  "envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget": {
    budget_interval: "single google.protobuf.Duration = 3",
  },
  "envoy.config.cluster.v3.Cluster": {
    transport_socket_matcher: "single xds.type.matcher.v3.Matcher = 59",
    stats_matcher: "single envoy.config.metrics.v3.StatsMatcher = 61",
    per_connection_buffer_high_watermark_timeout: "single google.protobuf.Duration = 60",
  },
  "envoy.config.cluster.v3.Cluster.PreconnectPolicy": {
    preconnect_enabled_metadata: "single envoy.type.matcher.v3.MetadataMatcher = 3",
  },
  "envoy.config.cluster.v3.UpstreamConnectionOptions.FirstAddressFamilyVersion": {
    PIPE: "3",
    INTERNAL: "4",
  },
  "envoy.config.cluster.v3.OutlierDetection": {
    detect_degraded_hosts: "single google.protobuf.BoolValue = 26",
  },
  "envoy.config.common.mutation_rules.v3.HeaderMutation": {
    remove_on_match:
      "action: single envoy.config.common.mutation_rules.v3.HeaderMutation.RemoveOnMatch = 3",
  },
  "envoy.config.common.mutation_rules.v3.HeaderMutation.RemoveOnMatch": {
    key_matcher: "single envoy.type.matcher.v3.StringMatcher = 1",
  },
  "envoy.config.core.v3.SocketAddress": {
    network_namespace_filepath: "single string = 7",
  },
  "envoy.config.core.v3.BindConfig": {
    validate_network_namespaces: "single bool = 7",
  },
  "envoy.config.core.v3.RuntimeUInt64": {
    default_value: "single uint64 = 2",
    runtime_key: "single string = 3",
  },
  "envoy.config.core.v3.KeyValuePair": {
    key: "single string = 1",
    value: "single google.protobuf.Value = 2",
  },
  "envoy.config.core.v3.KeyValueAppend": {
    record: "single envoy.config.core.v3.KeyValuePair = 3",
  },
  "envoy.config.core.v3.WatchedDirectory": {
    watch_modify: "single bool = 2",
  },
  "envoy.config.core.v3.PathConfigSource": {
    poll_interval: "single google.protobuf.Duration = 3",
  },
  "envoy.config.core.v3.HealthCheck": {
    name: "single string = 27",
  },
  "envoy.config.core.v3.HealthCheck.HttpHealthCheck": {
    use_alpn_protocol: "single bool = 15",
  },
  "envoy.config.core.v3.HttpService": {
    formatters: "repeated envoy.config.core.v3.TypedExtensionConfig = 3",
  },
  "envoy.config.core.v3.HttpProtocolOptions": {
    max_connection_duration_jitter: "single envoy.type.v3.Percent = 8",
    max_response_headers_kb: "single google.protobuf.UInt32Value = 7",
  },
  "envoy.config.core.v3.Http1ProtocolOptions": {
    ignore_http_11_upgrade: "repeated envoy.type.matcher.v3.StringMatcher = 11",
  },
  "envoy.config.core.v3.Http2ProtocolOptions": {
    max_metadata_size: "single google.protobuf.UInt64Value = 17",
    enable_huffman_encoding: "single google.protobuf.BoolValue = 18",
    max_header_field_size_kb: "single google.protobuf.UInt32Value = 19",
    disallow_obs_text: "single google.protobuf.BoolValue = 20",
    stream_reset_burst: "single google.protobuf.UInt64Value = 21",
    stream_reset_rate: "single google.protobuf.UInt64Value = 22",
  },
  "envoy.config.core.v3.TlvEntry": {
    type: "single uint32 = 1",
    value: "single bytes = 2",
    format_string: "single envoy.config.core.v3.SubstitutionFormatString = 3",
  },
  "envoy.config.core.v3.ProxyProtocolConfig": {
    added_tlvs: "repeated envoy.config.core.v3.TlvEntry = 3",
  },
  "envoy.config.core.v3.PerHostConfig": {
    added_tlvs: "repeated envoy.config.core.v3.TlvEntry = 1",
  },
  "envoy.config.core.v3.SocketCmsgHeaders": {
    level: "single google.protobuf.UInt32Value = 1",
    type: "single google.protobuf.UInt32Value = 2",
    expected_size: "single uint32 = 3",
  },
  "envoy.config.core.v3.SocketOption": {
    type: "single envoy.config.core.v3.SocketOption.SocketType = 7",
    ip_version: "single envoy.config.core.v3.SocketOption.SocketIpVersion = 8",
  },
  "envoy.config.core.v3.SocketOption.SocketIpVersion": {
    SOCKET_IP_VERSION_UNSPECIFIED: "0",
    SOCKET_IP_VERSION_IPV4: "1",
    SOCKET_IP_VERSION_IPV6: "2",
  },
  "envoy.config.core.v3.SocketOption.SocketType": {
    stream: "single envoy.config.core.v3.SocketOption.SocketType.Stream = 1",
    datagram: "single envoy.config.core.v3.SocketOption.SocketType.Datagram = 2",
  },
  "envoy.config.endpoint.v3.Endpoint": {
    observability_name: "single string = 5",
  },
  "envoy.config.listener.v3.AdditionalAddress": {
    tcp_keepalive: "single envoy.config.core.v3.TcpKeepalive = 3",
  },
  "envoy.config.listener.v3.Listener": {
    stats_matcher: "single envoy.config.metrics.v3.StatsMatcher = 39",
    per_connection_buffer_high_watermark_timeout: "single google.protobuf.Duration = 38",
    tcp_keepalive: "single envoy.config.core.v3.TcpKeepalive = 37",
  },
  "envoy.config.metrics.v3.StatsConfig": {
    allow_default_tag_overrides: "single google.protobuf.BoolValue = 5",
  },
  "envoy.config.metrics.v3.HistogramBucketSettings": {
    bins: "single google.protobuf.UInt32Value = 3",
  },
  "envoy.config.overload.v3.ScaleTimersOverloadActionConfig.TimerType": {
    HTTP_DOWNSTREAM_CONNECTION_MAX: "4",
    HTTP_DOWNSTREAM_STREAM_FLUSH: "5",
  },
  "envoy.config.overload.v3.ShrinkHeapConfig": {
    timer_interval: "single google.protobuf.Duration = 1",
    max_unfreed_memory_bytes: "single google.protobuf.UInt64Value = 2",
  },
  "envoy.config.rbac.v3.MetadataSource": {
    DYNAMIC: "0",
    ROUTE: "1",
  },
  "envoy.config.rbac.v3.SourcedMetadata": {
    metadata_matcher: "single envoy.type.matcher.v3.MetadataMatcher = 1",
    metadata_source: "single envoy.config.rbac.v3.MetadataSource = 2",
  },
  "envoy.config.rbac.v3.Permission": {
    sourced_metadata: "rule: single envoy.config.rbac.v3.SourcedMetadata = 14",
  },
  "envoy.config.rbac.v3.Principal": {
    sourced_metadata: "identifier: single envoy.config.rbac.v3.SourcedMetadata = 13",
    custom: "identifier: single envoy.config.core.v3.TypedExtensionConfig = 14",
  },
  "envoy.config.route.v3.VirtualHost": {
    request_body_buffer_limit: "single google.protobuf.UInt64Value = 25",
    route_specifiers: "repeated envoy.config.core.v3.TypedExtensionConfig = 26",
  },
  "envoy.config.route.v3.Route": {
    request_body_buffer_limit: "single google.protobuf.UInt64Value = 20",
    route_specifiers: "repeated envoy.config.core.v3.TypedExtensionConfig = 21",
  },
  "envoy.config.route.v3.WeightedCluster": {
    use_hash_policy: "random_value_specifier: single google.protobuf.BoolValue = 5",
  },
  "envoy.config.route.v3.RouteMatch": {
    cookies: "repeated envoy.config.route.v3.CookieMatcher = 17",
    filter_state: "repeated envoy.type.matcher.v3.FilterStateMatcher = 16",
  },
  "envoy.config.route.v3.RouteAction": {
    path_rewrite: "single string = 45",
    host_rewrite: "host_rewrite_specifier: single string = 44",
    flush_timeout: "single google.protobuf.Duration = 42",
  },
  "envoy.config.route.v3.RouteAction.RequestMirrorPolicy": {
    request_headers_mutations: "repeated envoy.config.common.mutation_rules.v3.HeaderMutation = 7",
    host_rewrite_literal: "single string = 8",
  },
  "envoy.config.route.v3.RetryPolicy": {
    refresh_cluster_on_retry: "single bool = 14",
  },
  "envoy.config.route.v3.RedirectAction": {
    path_rewrite: "path_rewrite_specifier: single string = 10",
  },
  "envoy.config.route.v3.DirectResponseAction": {
    body_format: "single envoy.config.core.v3.SubstitutionFormatString = 3",
  },
  "envoy.config.route.v3.Tracing": {
    operation: "single string = 5",
    upstream_operation: "single string = 6",
  },
  "envoy.config.route.v3.RateLimit": {
    hits_addend: "single envoy.config.route.v3.RateLimit.HitsAddend = 5",
    apply_on_stream_done: "single bool = 6",
    x_ratelimit_option: "single envoy.config.route.v3.RateLimit.XRateLimitOption = 7",
  },
  "envoy.config.route.v3.RateLimit.XRateLimitOption": {
    UNSPECIFIED: "0",
    OFF: "1",
    DRAFT_VERSION_03: "2",
  },
  "envoy.config.route.v3.RateLimit.Action": {
    query_parameters:
      "action_specifier: single envoy.config.route.v3.RateLimit.Action.QueryParameters = 12",
    remote_address_match:
      "action_specifier: single envoy.config.route.v3.RateLimit.Action.RemoteAddressMatch = 13",
  },
  "envoy.config.route.v3.RateLimit.Action.QueryParameters": {
    query_parameter_name: "single string = 1",
    descriptor_key: "single string = 2",
    skip_if_absent: "single bool = 3",
  },
  "envoy.config.route.v3.RateLimit.Action.GenericKey": {
    default_value: "single string = 3",
  },
  "envoy.config.route.v3.RateLimit.Action.HeaderValueMatch": {
    default_value: "single string = 5",
  },
  "envoy.config.route.v3.RateLimit.Action.MetaData.Source": {
    CLUSTER_ENTRY: "2",
    CLUSTER_LOCALITY_ENTRY: "3",
  },
  "envoy.config.route.v3.RateLimit.Action.QueryParameterValueMatch": {
    default_value: "single string = 5",
  },
  "envoy.config.route.v3.RateLimit.Action.RemoteAddressMatch": {
    descriptor_value: "single string = 1",
    descriptor_key: "single string = 2",
    default_value: "single string = 3",
    address_matcher: "single envoy.type.matcher.v3.AddressMatcher = 4",
  },
  "envoy.config.route.v3.RateLimit.Override": {
    rate_limit:
      "override_specifier: single envoy.config.route.v3.RateLimit.Override.RateLimitOverride = 2",
  },
  "envoy.config.route.v3.RateLimit.Override.RateLimitOverride": {
    requests_per_unit: "single uint32 = 1",
    unit: "single envoy.type.v3.RateLimitUnit = 2",
  },
  "envoy.config.route.v3.RateLimit.HitsAddend": {
    number: "single google.protobuf.UInt64Value = 1",
    format: "single string = 2",
    is_negative_hits: "single bool = 3",
  },
  "envoy.config.route.v3.CookieMatcher": {
    name: "single string = 1",
    string_match: "single envoy.type.matcher.v3.StringMatcher = 2",
    invert_match: "single bool = 3",
  },
  "envoy.config.route.v3.RouteConfiguration": {
    vhost_header: "single string = 18",
    route_specifiers: "repeated envoy.config.core.v3.TypedExtensionConfig = 19",
  },
  "envoy.config.trace.v3.OpenTelemetryConfig": {
    exporter: "single envoy.config.core.v3.TypedExtensionConfig = 10",
    max_cache_size: "single google.protobuf.UInt32Value = 6",
    set_telemetry_sdk_resource_attributes: "single google.protobuf.BoolValue = 7",
    set_service_name_resource_attribute: "single google.protobuf.BoolValue = 8",
    set_instrumentation_scope: "single google.protobuf.BoolValue = 9",
  },
  "envoy.data.accesslog.v3.AccessLogType": {
    TcpConnectionStart: "14",
  },
  "envoy.extensions.clusters.aggregate.v3.AggregateClusterResource": {
    config_source: "single envoy.config.core.v3.ConfigSource = 1",
    resource_name: "single string = 2",
  },
  "envoy.extensions.clusters.common.dns.v3.DnsLookupFamily": {
    UNSPECIFIED: "0",
    AUTO: "1",
    V4_ONLY: "2",
    V6_ONLY: "3",
    V4_PREFERRED: "4",
    ALL: "5",
  },
  "envoy.extensions.clusters.dns.v3.DnsCluster": {
    dns_refresh_rate: "single google.protobuf.Duration = 3",
    dns_failure_refresh_rate: "single envoy.extensions.clusters.dns.v3.DnsCluster.RefreshRate = 4",
    respect_dns_ttl: "single bool = 5",
    dns_jitter: "single google.protobuf.Duration = 6",
    typed_dns_resolver_config: "single envoy.config.core.v3.TypedExtensionConfig = 7",
    dns_lookup_family: "single envoy.extensions.clusters.common.dns.v3.DnsLookupFamily = 8",
    all_addresses_in_single_endpoint: "single bool = 9",
    dns_min_refresh_rate: "single google.protobuf.Duration = 10",
  },
  "envoy.extensions.clusters.dns.v3.DnsCluster.RefreshRate": {
    base_interval: "single google.protobuf.Duration = 1",
    max_interval: "single google.protobuf.Duration = 2",
  },
  "envoy.extensions.common.aws.v3.AwsCredentialProvider": {
    assume_role_with_web_identity_provider:
      "single envoy.extensions.common.aws.v3.AssumeRoleWithWebIdentityCredentialProvider = 1",
    inline_credential: "single envoy.extensions.common.aws.v3.InlineCredentialProvider = 2",
    credentials_file_provider:
      "single envoy.extensions.common.aws.v3.CredentialsFileCredentialProvider = 3",
    custom_credential_provider_chain: "single bool = 4",
    iam_roles_anywhere_credential_provider:
      "single envoy.extensions.common.aws.v3.IAMRolesAnywhereCredentialProvider = 5",
    config_credential_provider:
      "single envoy.extensions.common.aws.v3.ConfigCredentialProvider = 6",
    container_credential_provider:
      "single envoy.extensions.common.aws.v3.ContainerCredentialProvider = 7",
    environment_credential_provider:
      "single envoy.extensions.common.aws.v3.EnvironmentCredentialProvider = 8",
    instance_profile_credential_provider:
      "single envoy.extensions.common.aws.v3.InstanceProfileCredentialProvider = 9",
    assume_role_credential_provider:
      "single envoy.extensions.common.aws.v3.AssumeRoleCredentialProvider = 10",
  },
  "envoy.extensions.common.aws.v3.InlineCredentialProvider": {
    access_key_id: "single string = 1",
    secret_access_key: "single string = 2",
    session_token: "single string = 3",
  },
  "envoy.extensions.common.aws.v3.AssumeRoleWithWebIdentityCredentialProvider": {
    web_identity_token_data_source: "single envoy.config.core.v3.DataSource = 1",
    role_arn: "single string = 2",
    role_session_name: "single string = 3",
  },
  "envoy.extensions.common.aws.v3.CredentialsFileCredentialProvider": {
    credentials_data_source: "single envoy.config.core.v3.DataSource = 1",
    profile: "single string = 2",
  },
  "envoy.extensions.common.aws.v3.IAMRolesAnywhereCredentialProvider": {
    role_arn: "single string = 1",
    certificate: "single envoy.config.core.v3.DataSource = 2",
    certificate_chain: "single envoy.config.core.v3.DataSource = 3",
    private_key: "single envoy.config.core.v3.DataSource = 4",
    trust_anchor_arn: "single string = 5",
    profile_arn: "single string = 6",
    role_session_name: "single string = 7",
    session_duration: "single google.protobuf.Duration = 8",
  },
  "envoy.extensions.common.aws.v3.AssumeRoleCredentialProvider": {
    role_arn: "single string = 1",
    role_session_name: "single string = 2",
    external_id: "single string = 3",
    session_duration: "single google.protobuf.Duration = 4",
    credential_provider: "single envoy.extensions.common.aws.v3.AwsCredentialProvider = 5",
  },
  "envoy.extensions.common.ratelimit.v3.RateLimitDescriptor": {
    hits_addend: "single google.protobuf.UInt64Value = 3",
    is_negative_hits: "single bool = 4",
  },
  "envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.RateLimitOverride": {
    unit_multiplier: "single google.protobuf.UInt32Value = 3",
  },
  "envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor": {
    shadow_mode: "single bool = 3",
  },
  "envoy.extensions.content_parsers.json.v3.JsonContentParser": {
    rules: "repeated envoy.extensions.content_parsers.json.v3.JsonContentParser.RuleConfig = 1",
  },
  "envoy.extensions.content_parsers.json.v3.JsonContentParser.RuleConfig": {
    rule: "single envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.Rule = 1",
    stop_processing_after_matches: "single uint32 = 2",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.AiProtocolManager": {
    request_handling:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.RequestHandling = 1",
    response_handling:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.ResponseHandling = 2",
    filters: "repeated envoy.config.core.v3.TypedExtensionConfig = 3",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.RequestHandling": {
    parse_unconfigured_routes: "single bool = 1",
    limits: "single envoy.extensions.filters.http.ai_protocol_manager.v3.RequestParsingLimits = 2",
    reserialize_body:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.RequestHandling.BodyReserialization = 3",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.RequestHandling.BodyReserialization": {
    ALWAYS: "0",
    DISABLE: "1",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.RequestParsingLimits": {
    inline_string_threshold_bytes: "single google.protobuf.UInt32Value = 1",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.ResponseHandling": {
    token_usage:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtraction = 1",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtraction": {
    include_unconfigured_routes: "single bool = 1",
    default_llm_protocol: "single envoy.type.ai.v3.LLMProtocol = 2",
    metadata_namespace: "single string = 3",
    limits:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtractionLimits = 4",
    usage_signal:
      "single envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtraction.UsageSignal = 5",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtraction.UsageSignal": {
    USAGE_SIGNAL_UNSPECIFIED: "0",
    SYNTHESIZE_TRAILERS: "1",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.TokenUsageExtractionLimits": {
    max_sse_event_size: "single google.protobuf.UInt32Value = 1",
    max_json_body_size: "single google.protobuf.UInt32Value = 2",
    max_parsed_sse_events: "single google.protobuf.UInt32Value = 3",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.AiProtocolManagerPerRoute": {
    request: "single envoy.extensions.filters.http.ai_protocol_manager.v3.RequestPerRoute = 1",
    response: "single envoy.extensions.filters.http.ai_protocol_manager.v3.ResponsePerRoute = 2",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.RequestPerRoute": {
    llm_protocol: "single envoy.type.ai.v3.LLMProtocol = 1",
  },
  "envoy.extensions.filters.http.ai_protocol_manager.v3.ResponsePerRoute": {
    llm_protocol: "single envoy.type.ai.v3.LLMProtocol = 1",
  },
  "envoy.extensions.filters.http.aws_request_signing.v3.AwsRequestSigning": {
    credential_provider: "single envoy.extensions.common.aws.v3.AwsCredentialProvider = 8",
    match_included_headers: "repeated envoy.type.matcher.v3.StringMatcher = 9",
  },
  "envoy.extensions.filters.http.body_size_limit.v3.BodySizeLimit": {
    max_request_bytes: "single google.protobuf.UInt64Value = 1",
  },
  "envoy.extensions.filters.http.composite.v3.Composite": {
    named_filter_chains:
      "map<string> envoy.extensions.filters.http.composite.v3.FilterChainConfiguration = 1",
    matcher: "single xds.type.matcher.v3.Matcher = 2",
  },
  "envoy.extensions.filters.http.composite.v3.CompositePerRoute": {
    matcher: "single xds.type.matcher.v3.Matcher = 1",
  },
  "envoy.extensions.filters.http.composite.v3.FilterChainConfiguration": {
    typed_config: "repeated envoy.config.core.v3.TypedExtensionConfig = 1",
  },
  "envoy.extensions.filters.http.composite.v3.ExecuteFilterAction": {
    filter_chain: "single envoy.extensions.filters.http.composite.v3.FilterChainConfiguration = 4",
    filter_chain_name: "single string = 5",
  },
  "envoy.extensions.filters.http.ext_authz.v3.ExtAuthz": {
    clear_route_cache_headers: "repeated string = 34",
    filter_metadata: "single google.protobuf.Struct = 28",
    emit_filter_state_stats: "single bool = 29",
    max_denied_response_body_bytes: "single uint32 = 30",
    enforce_response_header_limits: "single bool = 31",
    shadow_mode: "single bool = 32",
    emit_client_span: "single google.protobuf.BoolValue = 33",
  },
  "envoy.extensions.filters.http.ext_authz.v3.CheckSettings": {
    grpc_service: "service_override: single envoy.config.core.v3.GrpcService = 4",
    emit_client_span: "single google.protobuf.BoolValue = 6",
  },
  "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor": {
    http_service: "single envoy.extensions.filters.http.ext_proc.v3.ExtProcHttpService = 20",
    send_body_without_waiting_for_header_response: "single bool = 21",
    allowed_override_modes:
      "repeated envoy.extensions.filters.http.ext_proc.v3.ProcessingMode = 22",
    processing_request_modifier: "single envoy.config.core.v3.TypedExtensionConfig = 25",
    on_processing_response: "single envoy.config.core.v3.TypedExtensionConfig = 23",
    status_on_error: "single envoy.type.v3.HttpStatus = 24",
    allow_content_length_header: "single bool = 26",
    emit_client_span: "single google.protobuf.BoolValue = 27",
  },
  "envoy.extensions.filters.http.ext_proc.v3.ExtProcHttpService": {
    http_service: "single envoy.config.core.v3.HttpService = 1",
  },
  "envoy.extensions.filters.http.ext_proc.v3.MetadataOptions": {
    cluster_metadata_forwarding_namespaces:
      "single envoy.extensions.filters.http.ext_proc.v3.MetadataOptions.MetadataNamespaces = 3",
  },
  "envoy.extensions.filters.http.ext_proc.v3.ExtProcOverrides": {
    failure_mode_allow: "single google.protobuf.BoolValue = 8",
    processing_request_modifier: "single envoy.config.core.v3.TypedExtensionConfig = 9",
    emit_client_span: "single google.protobuf.BoolValue = 10",
  },
  "envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode": {
    FULL_DUPLEX_STREAMED: "4",
    GRPC: "5",
  },
  "envoy.extensions.filters.http.header_mutation.v3.Mutations": {
    query_parameter_mutations: "repeated envoy.config.core.v3.KeyValueMutation = 3",
    response_trailers_mutations:
      "repeated envoy.config.common.mutation_rules.v3.HeaderMutation = 4",
    request_trailers_mutations: "repeated envoy.config.common.mutation_rules.v3.HeaderMutation = 5",
    formatters: "repeated envoy.config.core.v3.TypedExtensionConfig = 6",
  },
  "envoy.extensions.filters.http.header_to_metadata.v3.Config": {
    stat_prefix: "single string = 3",
  },
  "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit": {
    rate_limits: "repeated envoy.config.route.v3.RateLimit = 17",
    max_dynamic_descriptors: "single google.protobuf.UInt32Value = 18",
    enable_retry_after_header: "single bool = 19",
  },
  "envoy.extensions.filters.http.lua.v3.Lua": {
    clear_route_cache: "single google.protobuf.BoolValue = 5",
    filter_context: "single google.protobuf.Struct = 6",
    package_paths: "repeated string = 7",
    package_cpaths: "repeated string = 8",
    shared_vm_id: "single string = 9",
  },
  "envoy.extensions.filters.http.lua.v3.LuaPerRoute": {
    filter_context: "single google.protobuf.Struct = 4",
    package_paths: "repeated string = 5",
    package_cpaths: "repeated string = 6",
    shared_vm_id: "single string = 7",
  },
  "envoy.extensions.filters.http.ratelimit.v3.RateLimit": {
    filter_enabled: "single envoy.config.core.v3.RuntimeFractionalPercent = 14",
    filter_enforced: "single envoy.config.core.v3.RuntimeFractionalPercent = 15",
    failure_mode_deny_percent: "single envoy.config.core.v3.RuntimeFractionalPercent = 16",
    rate_limits: "repeated envoy.config.route.v3.RateLimit = 17",
    metadata_namespace: "single string = 18",
    enable_retry_after_header: "single bool = 19",
  },
  "envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute": {
    rate_limits: "repeated envoy.config.route.v3.RateLimit = 3",
  },
  "envoy.extensions.filters.http.router.v3.Router": {
    reject_connect_request_early_data: "single google.protobuf.BoolValue = 10",
  },
  "envoy.extensions.filters.http.set_filter_state.v3.Config": {
    clear_route_cache: "single bool = 2",
  },
  "envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata": {
    response_rules:
      "single envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata.ProcessingRules = 1",
  },
  "envoy.extensions.filters.http.sse_to_metadata.v3.SseToMetadata.ProcessingRules": {
    content_parser: "single envoy.config.core.v3.TypedExtensionConfig = 1",
    max_event_size: "single google.protobuf.UInt32Value = 2",
  },
  "envoy.extensions.filters.http.transform.v3.TransformConfig": {
    request_transformation: "single envoy.extensions.filters.http.transform.v3.Transformation = 1",
    response_transformation: "single envoy.extensions.filters.http.transform.v3.Transformation = 2",
    clear_cluster_cache: "single bool = 3",
    clear_route_cache: "single bool = 4",
  },
  "envoy.extensions.filters.http.transform.v3.Transformation": {
    headers_mutations: "repeated envoy.config.common.mutation_rules.v3.HeaderMutation = 1",
    body_transformation: "single envoy.extensions.filters.http.transform.v3.BodyTransformation = 2",
  },
  "envoy.extensions.filters.http.transform.v3.BodyTransformation": {
    body_format: "single envoy.config.core.v3.SubstitutionFormatString = 1",
    action:
      "single envoy.extensions.filters.http.transform.v3.BodyTransformation.TransformAction = 2",
  },
  "envoy.extensions.filters.http.transform.v3.BodyTransformation.TransformAction": {
    MERGE: "0",
    REPLACE: "1",
  },
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager": {
    http1_safe_max_connection_duration: "single bool = 58",
    stream_flush_timeout: "single google.protobuf.Duration = 59",
    drain_timeout_jitter: "single envoy.type.v3.Percent = 62",
    forward_proto_config:
      "single envoy.extensions.filters.network.http_connection_manager.v3.ForwardProtoConfig = 61",
    record_route_resolution_stats: "single bool = 63",
  },
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertFormat":
    {
      TEXT: "0",
      JSON: "1",
    },
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing": {
    operation: "single string = 11",
    upstream_operation: "single string = 12",
    no_context_propagation: "single bool = 13",
  },
  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.SetCurrentClientCertDetails":
    {
      issuer: "single bool = 8",
      format:
        "single envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertFormat = 7",
    },
  "envoy.extensions.filters.network.http_connection_manager.v3.ForwardProtoConfig": {
    https_destination_ports: "repeated uint32 = 1",
    http_destination_ports: "repeated uint32 = 2",
  },
  "envoy.extensions.http.injected_credentials.generic.v3.Generic": {
    header_value_prefix: "single string = 3",
  },
  "envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig": {
    force_local_zone:
      "single envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig.ForceLocalZone = 5",
    locality_basis:
      "single envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig.LocalityBasis = 6",
  },
  "envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig.LocalityBasis":
    {
      HEALTHY_HOSTS_NUM: "0",
      HEALTHY_HOSTS_WEIGHT: "1",
    },
  "envoy.extensions.load_balancing_policies.common.v3.LocalityLbConfig.ZoneAwareLbConfig.ForceLocalZone":
    {
      min_size: "single google.protobuf.UInt32Value = 1",
    },
  "envoy.extensions.load_balancing_policies.common.v3.ConsistentHashingLbConfig": {
    hash_policy: "repeated envoy.config.route.v3.RouteAction.HashPolicy = 3",
  },
  "envoy.extensions.load_balancing_policies.common.v3.OrcaOobReportingConfig": {
    port_value: "single uint32 = 1",
    authority: "single string = 2",
    transport_socket_match_criteria: "single google.protobuf.Struct = 3",
  },
  "envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost": {
    override_host_sources:
      "repeated envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost.OverrideHostSource = 1",
    selected_host_key: "single envoy.type.metadata.v3.MetadataKey = 2",
    fallback_policy: "single envoy.config.cluster.v3.LoadBalancingPolicy = 3",
  },
  "envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost.OverrideHostSource": {
    header: "single string = 1",
    metadata: "single envoy.type.metadata.v3.MetadataKey = 2",
  },
  "envoy.extensions.matching.common_inputs.network.v3.FilterStateInput": {
    field: "single string = 2",
  },
  "envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput": {
    filter: "single string = 1",
    path: "repeated envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput.PathSegment = 2",
  },
  "envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput.PathSegment": {
    key: "segment: single string = 1",
  },
  "envoy.extensions.matching.input_matchers.metadata.v3.Metadata": {
    value: "single envoy.type.matcher.v3.ValueMatcher = 1",
    invert: "single bool = 4",
  },
  "envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig": {
    query_timeout_seconds: "single google.protobuf.UInt64Value = 6",
    query_tries: "single google.protobuf.UInt32Value = 7",
    rotate_nameservers: "single bool = 8",
    edns0_max_payload_size: "single google.protobuf.UInt32Value = 9",
    max_udp_channel_duration: "single google.protobuf.Duration = 10",
    reinit_channel_on_timeout: "single bool = 11",
    qcache_max_ttl: "single google.protobuf.UInt32Value = 12",
  },
  "envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig": {
    num_retries: "single google.protobuf.UInt32Value = 1",
    num_resolver_threads: "single google.protobuf.UInt32Value = 2",
  },
  "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig": {
    max_heap_size_bytes_runtime: "single envoy.config.core.v3.RuntimeUInt64 = 2",
  },
  "envoy.extensions.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport": {
    default_proxy_address: "single envoy.config.core.v3.Address = 2",
  },
  "envoy.extensions.transport_sockets.tls.v3.TlsParameters": {
    compliance_policies:
      "repeated envoy.extensions.transport_sockets.tls.v3.TlsParameters.CompliancePolicy = 6",
  },
  "envoy.extensions.transport_sockets.tls.v3.TlsParameters.CompliancePolicy": {
    FIPS_202205: "0",
    CNSA2_202603: "1",
    CNSA1_202603: "2",
  },
  "envoy.extensions.transport_sockets.tls.v3.TlsCertificate": {
    tls_params: "single envoy.extensions.transport_sockets.tls.v3.TlsParameters = 9",
  },
  "envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext": {
    suppress_client_ca_list: "single bool = 18",
  },
  "envoy.extensions.transport_sockets.tls.v3.GenericSecret": {
    secrets: "map<string> envoy.config.core.v3.DataSource = 2",
  },
  "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext": {
    auto_host_sni: "single bool = 6",
    auto_sni_san_validation: "single bool = 7",
  },
  "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext": {
    prefer_client_ciphers: "single bool = 11",
  },
  "envoy.extensions.transport_sockets.tls.v3.CommonTlsContext": {
    custom_tls_certificate_selector: "single envoy.config.core.v3.TypedExtensionConfig = 16",
  },
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
    outlier_detection:
      "single envoy.extensions.upstreams.http.v3.HttpProtocolOptions.OutlierDetection = 8",
    request_mirror_policies: "repeated envoy.config.route.v3.RouteAction.RequestMirrorPolicy = 9",
    hash_policy: "repeated envoy.config.route.v3.RouteAction.HashPolicy = 10",
    retry_policy: "single envoy.config.route.v3.RetryPolicy = 11",
  },
  "envoy.service.discovery.v3.ResourceError": {
    resource_name: "single envoy.service.discovery.v3.ResourceName = 1",
    error_detail: "single google.rpc.Status = 2",
  },
  "envoy.service.discovery.v3.DiscoveryResponse": {
    resource_errors: "repeated envoy.service.discovery.v3.ResourceError = 7",
  },
  "envoy.service.discovery.v3.DeltaDiscoveryResponse": {
    resource_errors: "repeated envoy.service.discovery.v3.ResourceError = 9",
  },
  "envoy.service.ext_proc.v3.ProtocolConfiguration": {
    request_body_mode:
      "single envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode = 1",
    response_body_mode:
      "single envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode = 2",
    send_body_without_waiting_for_header_response: "single bool = 3",
  },
  "envoy.service.ext_proc.v3.ProcessingRequest": {
    protocol_config: "single envoy.service.ext_proc.v3.ProtocolConfiguration = 11",
    flow_control_init: "single envoy.service.ext_proc.v3.ProcessingRequest.FlowControlInit = 12",
    client_window_update:
      "single envoy.service.ext_proc.v3.ProcessingRequest.ClientWindowUpdate = 13",
  },
  "envoy.service.ext_proc.v3.ProcessingRequest.FlowControlInit": {
    initial_window_downstream_to_sidestream: "single int64 = 1",
    initial_window_sidestream_to_upstream: "single int64 = 2",
    initial_window_upstream_to_sidestream: "single int64 = 3",
    initial_window_sidestream_to_downstream: "single int64 = 4",
  },
  "envoy.service.ext_proc.v3.ProcessingRequest.ClientWindowUpdate": {
    window_increment_sidestream_to_upstream: "single int64 = 1",
    window_increment_sidestream_to_downstream: "single int64 = 2",
  },
  "envoy.service.ext_proc.v3.ProcessingResponse": {
    streamed_immediate_response:
      "response: single envoy.service.ext_proc.v3.StreamedImmediateResponse = 11",
    typed_dynamic_metadata: "map<string> google.protobuf.Any = 13",
    request_drain_requests: "single bool = 15",
    request_drain_responses: "single bool = 16",
    server_window_update:
      "single envoy.service.ext_proc.v3.ProcessingResponse.ServerWindowUpdate = 14",
  },
  "envoy.service.ext_proc.v3.ProcessingResponse.ServerWindowUpdate": {
    window_increment_downstream_to_sidestream: "single int64 = 1",
    window_increment_upstream_to_sidestream: "single int64 = 2",
  },
  "envoy.service.ext_proc.v3.HttpBody": {
    end_of_stream_without_message: "single bool = 3",
    grpc_message_compressed: "single bool = 4",
    drain_complete: "single bool = 5",
  },
  "envoy.service.ext_proc.v3.StreamedImmediateResponse": {
    headers_response: "response: single envoy.service.ext_proc.v3.HttpHeaders = 1",
    body_response: "response: single envoy.service.ext_proc.v3.StreamedBodyResponse = 2",
    trailers_response: "response: single envoy.config.core.v3.HeaderMap = 3",
  },
  "envoy.service.ext_proc.v3.StreamedBodyResponse": {
    body: "single bytes = 1",
    end_of_stream: "single bool = 2",
    end_of_stream_without_message: "single bool = 3",
    grpc_message_compressed: "single bool = 4",
    drain_complete: "single bool = 5",
  },
  "envoy.service.ext_proc.v3.BodyMutation": {
    streamed_response: "mutation: single envoy.service.ext_proc.v3.StreamedBodyResponse = 3",
  },
  "envoy.type.ai.v3.LLMProtocol": {
    LLM_PROTOCOL_UNSPECIFIED: "0",
    OPENAI_CHAT_COMPLETIONS: "1",
    OPENAI_RESPONSES: "2",
    ANTHROPIC_MESSAGES: "3",
    GEMINI_GENERATE_CONTENT: "4",
  },
  "envoy.type.matcher.v3.AddressMatcher": {
    ranges: "repeated xds.core.v3.CidrRange = 1",
    invert_match: "single bool = 2",
  },
  "envoy.type.matcher.v3.FilterStateMatcher": {
    address_match: "matcher: single envoy.type.matcher.v3.AddressMatcher = 3",
  },
  "envoy.type.metadata.v3.MetadataKey.PathSegment": {
    index: "segment: single uint32 = 2",
  },
  "envoy.type.tracing.v3.CustomTag": {
    value: "type: single string = 6",
    value_type: "single envoy.type.tracing.v3.CustomTag.ValueType = 7",
  },
  "envoy.type.tracing.v3.CustomTag.ValueType": {
    UNSPECIFIED: "0",
    STRING: "1",
    INT: "2",
    DOUBLE: "3",
    BOOL: "4",
  },
  "envoygateway.extension.PostRouteExtensionContext": {
    extension_resources: "repeated envoygateway.extension.ExtensionResource = 1",
    hostnames: "repeated string = 2",
    extension_policies: "repeated envoygateway.extension.ExtensionResource = 3",
  },
  "envoygateway.extension.PostClusterExtensionContext": {
    backend_extension_resources: "repeated envoygateway.extension.ExtensionResource = 1",
  },
  "envoygateway.extension.PostHTTPListenerExtensionContext": {
    extension_resources: "repeated envoygateway.extension.ExtensionResource = 1",
  },
  "envoygateway.extension.PostTranslateExtensionContext": {
    extension_resources: "repeated envoygateway.extension.ExtensionResource = 1",
  },
  "envoygateway.extension.ExtensionResource": {
    unstructured_bytes: "single bytes = 1",
  },
  "envoygateway.extension.PostRouteModifyRequest": {
    route: "single envoy.config.route.v3.Route = 1",
    post_route_context: "single envoygateway.extension.PostRouteExtensionContext = 2",
  },
  "envoygateway.extension.PostRouteModifyResponse": {
    route: "single envoy.config.route.v3.Route = 1",
  },
  "envoygateway.extension.PostClusterModifyRequest": {
    cluster: "single envoy.config.cluster.v3.Cluster = 1",
    post_cluster_context: "single envoygateway.extension.PostClusterExtensionContext = 2",
  },
  "envoygateway.extension.PostClusterModifyResponse": {
    cluster: "single envoy.config.cluster.v3.Cluster = 1",
  },
  "envoygateway.extension.PostEndpointsModifyRequest": {
    load_assignment: "single envoy.config.endpoint.v3.ClusterLoadAssignment = 1",
    post_endpoints_context: "single envoygateway.extension.PostEndpointsExtensionContext = 2",
  },
  "envoygateway.extension.PostEndpointsModifyResponse": {
    load_assignment: "single envoy.config.endpoint.v3.ClusterLoadAssignment = 1",
  },
  "envoygateway.extension.PostVirtualHostModifyRequest": {
    virtual_host: "single envoy.config.route.v3.VirtualHost = 1",
    post_virtual_host_context: "single envoygateway.extension.PostVirtualHostExtensionContext = 2",
  },
  "envoygateway.extension.PostVirtualHostModifyResponse": {
    virtual_host: "single envoy.config.route.v3.VirtualHost = 1",
  },
  "envoygateway.extension.PostHTTPListenerModifyRequest": {
    listener: "single envoy.config.listener.v3.Listener = 1",
    post_listener_context: "single envoygateway.extension.PostHTTPListenerExtensionContext = 2",
  },
  "envoygateway.extension.PostHTTPListenerModifyResponse": {
    listener: "single envoy.config.listener.v3.Listener = 1",
  },
  "envoygateway.extension.PostTranslateModifyRequest": {
    post_translate_context: "single envoygateway.extension.PostTranslateExtensionContext = 1",
    clusters: "repeated envoy.config.cluster.v3.Cluster = 2",
    secrets: "repeated envoy.extensions.transport_sockets.tls.v3.Secret = 3",
    listeners: "repeated envoy.config.listener.v3.Listener = 4",
    routes: "repeated envoy.config.route.v3.RouteConfiguration = 5",
  },
  "envoygateway.extension.PostTranslateModifyResponse": {
    clusters: "repeated envoy.config.cluster.v3.Cluster = 1",
    secrets: "repeated envoy.extensions.transport_sockets.tls.v3.Secret = 2",
    listeners: "repeated envoy.config.listener.v3.Listener = 3",
    routes: "repeated envoy.config.route.v3.RouteConfiguration = 4",
  },
  "grpc.health.v1.HealthCheckRequest": {
    service: "single string = 1",
  },
  "grpc.health.v1.HealthCheckResponse": {
    status: "single grpc.health.v1.HealthCheckResponse.ServingStatus = 1",
  },
  "grpc.health.v1.HealthCheckResponse.ServingStatus": {
    UNKNOWN: "0",
    SERVING: "1",
    NOT_SERVING: "2",
    SERVICE_UNKNOWN: "3",
  },
  "grpc.health.v1.HealthListResponse": {
    statuses: "map<string> grpc.health.v1.HealthCheckResponse = 1",
  },
  "opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest": {
    resource_logs: "repeated opentelemetry.proto.logs.v1.ResourceLogs = 1",
  },
  "opentelemetry.proto.common.v1.AnyValue": {
    string_value: "value: single string = 1",
  },
  "opentelemetry.proto.logs.v1.LogRecord": {
    time_unix_nano: "single fixed64 = 1",
    body: "single opentelemetry.proto.common.v1.AnyValue = 5",
  },
  "opentelemetry.proto.logs.v1.ResourceLogs": {
    scope_logs: "repeated opentelemetry.proto.logs.v1.ScopeLogs = 2",
  },
  "opentelemetry.proto.logs.v1.ScopeLogs": {
    log_records: "repeated opentelemetry.proto.logs.v1.LogRecord = 2",
  },
  "xds.type.matcher.v3.Matcher.OnMatch": {
    keep_matching: "single bool = 3",
  },
  "xds.type.matcher.v3.StringMatcher": {
    custom: "match_pattern: single xds.core.v3.TypedExtensionConfig = 8",
  },
  "xds.type.v3.CelExpression": {
    cel_expr_parsed: "single cel.expr.ParsedExpr = 3",
    cel_expr_string: "single string = 5",
  },
};
