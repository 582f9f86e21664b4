import { PolicyPack } from "@pulumi/policy";
import { policies } from "envoy-ai-gateway/policies";

new PolicyPack("gateways", { policies });
