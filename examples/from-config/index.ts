/**
 * The program of the Pulumi.yaml at the repository's root: a gateway from stack configuration alone.
 * The key `gateway` has the inputs of AiGateway; what is wrong with them is told in preview.
 */
import * as pulumi from "@pulumi/pulumi";
import { AiGateway, type AiGatewayArgs } from "../../components/index.ts";

const config = new pulumi.Config();
const gateway = new AiGateway(
  config.get("name") ?? "ai",
  config.requireObject<AiGatewayArgs>("gateway"),
);

export const endpoint = gateway.endpoint;
export const models = gateway.models;
