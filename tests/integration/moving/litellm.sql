-- Tables of LiteLLM 1.109, as its Prisma schema makes them in PostgreSQL; only columns, types and defaults.

CREATE TABLE "LiteLLM_BudgetTable" (
    "budget_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "max_budget" double precision,
    "soft_budget" double precision,
    "max_parallel_requests" integer,
    "tpm_limit" bigint,
    "rpm_limit" bigint,
    "tpd_limit" bigint,
    "model_max_budget" jsonb,
    "budget_duration" text,
    "budget_reset_at" timestamp(3),
    "allowed_models" text[] DEFAULT '{}',
    "temp_budget_increase" double precision,
    "temp_budget_expiry" timestamp(3),
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" text NOT NULL,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text NOT NULL
);

CREATE TABLE "LiteLLM_CredentialsTable" (
    "credential_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "credential_name" text NOT NULL,
    "display_name" text,
    "credential_values" jsonb NOT NULL,
    "credential_info" jsonb,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" text NOT NULL,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text NOT NULL
);

CREATE TABLE "LiteLLM_ProxyModelTable" (
    "model_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "model_name" text NOT NULL,
    "litellm_params" jsonb NOT NULL,
    "model_info" jsonb,
    "blocked" boolean NOT NULL DEFAULT false,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" text NOT NULL,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text NOT NULL
);

CREATE TABLE "LiteLLM_ModelTable" (
    "id" serial PRIMARY KEY,
    "aliases" jsonb,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" text NOT NULL,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text NOT NULL
);

CREATE TABLE "LiteLLM_TeamTable" (
    "team_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "team_alias" text,
    "organization_id" text,
    "object_permission_id" text,
    "admins" text[],
    "members" text[],
    "members_with_roles" jsonb NOT NULL DEFAULT '{}',
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "max_budget" double precision,
    "soft_budget" double precision,
    "spend" double precision NOT NULL DEFAULT 0.0,
    "models" text[],
    "max_parallel_requests" integer,
    "tpm_limit" bigint,
    "rpm_limit" bigint,
    "tpd_limit" bigint,
    "budget_duration" text,
    "budget_reset_at" timestamp(3),
    "blocked" boolean NOT NULL DEFAULT false,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "model_spend" jsonb NOT NULL DEFAULT '{}',
    "model_max_budget" jsonb NOT NULL DEFAULT '{}',
    "router_settings" jsonb DEFAULT '{}',
    "team_member_permissions" text[] DEFAULT '{}',
    "access_group_ids" text[] DEFAULT '{}',
    "policies" text[] DEFAULT '{}',
    "default_team_member_models" text[] DEFAULT '{}',
    "budget_limits" jsonb,
    "model_id" integer,
    "allow_team_guardrail_config" boolean NOT NULL DEFAULT false
);

CREATE TABLE "LiteLLM_UserTable" (
    "user_id" text PRIMARY KEY,
    "user_alias" text,
    "team_id" text,
    "sso_user_id" text,
    "organization_id" text,
    "object_permission_id" text,
    "password" text,
    "password_reset_required" boolean,
    "last_breach_check_at" timestamp(3),
    "teams" text[] DEFAULT '{}',
    "user_role" text,
    "max_budget" double precision,
    "spend" double precision NOT NULL DEFAULT 0.0,
    "user_email" text,
    "models" text[],
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "max_parallel_requests" integer,
    "tpm_limit" bigint,
    "rpm_limit" bigint,
    "budget_duration" text,
    "budget_reset_at" timestamp(3),
    "allowed_cache_controls" text[] DEFAULT '{}',
    "policies" text[] DEFAULT '{}',
    "model_spend" jsonb NOT NULL DEFAULT '{}',
    "model_max_budget" jsonb NOT NULL DEFAULT '{}',
    "created_at" timestamp(3) DEFAULT CURRENT_TIMESTAMP,
    "updated_at" timestamp(3) DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "LiteLLM_VerificationToken" (
    "token" text PRIMARY KEY,
    "key_name" text,
    "key_alias" text,
    "soft_budget_cooldown" boolean NOT NULL DEFAULT false,
    "spend" double precision NOT NULL DEFAULT 0.0,
    "total_spend" double precision NOT NULL DEFAULT 0.0,
    "expires" timestamp(3),
    "models" text[],
    "aliases" jsonb NOT NULL DEFAULT '{}',
    "config" jsonb NOT NULL DEFAULT '{}',
    "router_settings" jsonb DEFAULT '{}',
    "user_id" text,
    "team_id" text,
    "agent_id" text,
    "project_id" text,
    "permissions" jsonb NOT NULL DEFAULT '{}',
    "max_parallel_requests" integer,
    "metadata" jsonb NOT NULL DEFAULT '{}',
    "blocked" boolean,
    "tpm_limit" bigint,
    "rpm_limit" bigint,
    "tpd_limit" bigint,
    "max_budget" double precision,
    "budget_duration" text,
    "budget_reset_at" timestamp(3),
    "allowed_cache_controls" text[] DEFAULT '{}',
    "allowed_routes" text[] DEFAULT '{}',
    "key_type" text,
    "policies" text[] DEFAULT '{}',
    "access_group_ids" text[] DEFAULT '{}',
    "model_spend" jsonb NOT NULL DEFAULT '{}',
    "model_max_budget" jsonb NOT NULL DEFAULT '{}',
    "budget_fallbacks" jsonb NOT NULL DEFAULT '{}',
    "budget_id" text,
    "organization_id" text,
    "object_permission_id" text,
    "created_at" timestamp(3) DEFAULT CURRENT_TIMESTAMP,
    "created_by" text,
    "updated_at" timestamp(3) DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text,
    "settings_updated_at" timestamp(3),
    "last_active" timestamp(3),
    "rotation_count" integer DEFAULT 0,
    "auto_rotate" boolean DEFAULT false,
    "rotation_interval" text,
    "last_rotation_at" timestamp(3),
    "key_rotation_at" timestamp(3),
    "budget_limits" jsonb
);

CREATE TABLE "LiteLLM_DeprecatedVerificationToken" (
    "id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "token" text NOT NULL,
    "active_token_id" text NOT NULL,
    "revoke_at" timestamp(3) NOT NULL,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "LiteLLM_TeamMembership" (
    "user_id" text NOT NULL,
    "team_id" text NOT NULL,
    "spend" double precision NOT NULL DEFAULT 0.0,
    "total_spend" double precision NOT NULL DEFAULT 0.0,
    "budget_id" text,
    PRIMARY KEY (user_id, team_id)
);

CREATE TABLE "LiteLLM_AccessGroupTable" (
    "access_group_id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "access_group_name" text NOT NULL,
    "description" text,
    "access_model_names" text[] DEFAULT '{}',
    "access_mcp_server_ids" text[] DEFAULT '{}',
    "mcp_tool_permissions" jsonb,
    "access_agent_ids" text[] DEFAULT '{}',
    "access_skill_names" text[] DEFAULT '{}',
    "assigned_team_ids" text[] DEFAULT '{}',
    "assigned_key_ids" text[] DEFAULT '{}',
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" text,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" text
);

CREATE TABLE "LiteLLM_DailyUserSpend" (
    "id" text PRIMARY KEY DEFAULT gen_random_uuid()::text,
    "user_id" text,
    "date" text NOT NULL,
    "api_key" text NOT NULL,
    "model" text,
    "model_group" text,
    "custom_llm_provider" text,
    "mcp_namespaced_tool_name" text,
    "endpoint" text,
    "prompt_tokens" bigint NOT NULL DEFAULT 0,
    "completion_tokens" bigint NOT NULL DEFAULT 0,
    "cache_read_input_tokens" bigint NOT NULL DEFAULT 0,
    "cache_creation_input_tokens" bigint NOT NULL DEFAULT 0,
    "compression_saved_tokens" bigint NOT NULL DEFAULT 0,
    "compression_savings_spend" double precision NOT NULL DEFAULT 0.0,
    "prompt_caching_savings_spend" double precision NOT NULL DEFAULT 0.0,
    "gateway_injected_caching_savings_spend" double precision NOT NULL DEFAULT 0.0,
    "autorouter_savings_spend" double precision NOT NULL DEFAULT 0.0,
    "spend" double precision NOT NULL DEFAULT 0.0,
    "api_requests" bigint NOT NULL DEFAULT 0,
    "successful_requests" bigint NOT NULL DEFAULT 0,
    "failed_requests" bigint NOT NULL DEFAULT 0,
    "total_response_time_ms" bigint NOT NULL DEFAULT 0,
    "timed_requests" bigint NOT NULL DEFAULT 0,
    "created_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE "LiteLLM_Config" (
    "param_name" text PRIMARY KEY,
    "param_value" jsonb,
    "last_run_at" timestamp(3),
    "reload_revision" bigint NOT NULL DEFAULT 0
);
