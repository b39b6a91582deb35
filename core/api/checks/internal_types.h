// The internal Go structs that upstream prints, one line a type: "Name GoField:kind[@jsonName]
// ...". Kinds: s text, i integer, b flag, ? nullable value as it is, L label selector, T struct, *T
// pointer, [T list of structs. The JSON name is the field's own with a small first letter unless
// given.
#pragma once

#include <array>
#include <string_view>

namespace orrery::api {

inline constexpr std::array<std::string_view, 96> kInternalTypes{
    "PodSpec Volumes:[Volume InitContainers:[Container Containers:[Container "
    "EphemeralContainers:[EphemeralContainer RestartPolicy:s TerminationGracePeriodSeconds:? "
    "ActiveDeadlineSeconds:? DNSPolicy:s@dnsPolicy NodeSelector:? ServiceAccountName:s "
    "AutomountServiceAccountToken:? NodeName:s SecurityContext:*PodSecurityContext "
    "ImagePullSecrets:[LocalObjectReference Hostname:s Subdomain:s SetHostnameAsFQDN:? "
    "Affinity:*Affinity SchedulerName:s Tolerations:[Toleration HostAliases:[HostAlias "
    "PriorityClassName:s Priority:? PreemptionPolicy:? DNSConfig:*PodDNSConfig@dnsConfig "
    "ReadinessGates:[PodReadinessGate RuntimeClassName:? Overhead:? EnableServiceLinks:? "
    "TopologySpreadConstraints:[TopologySpreadConstraint OS:*PodOS@os "
    "SchedulingGates:[PodSchedulingGate ResourceClaims:[PodResourceClaim "
    "Resources:*ResourceRequirements HostnameOverride:? SchedulingGroup:*PodSchedulingGroup",
    "Volume Name:s HostPath:*HostPathVolumeSource EmptyDir:*EmptyDirVolumeSource "
    "GCEPersistentDisk:*GCEPersistentDisk@gcePersistentDisk "
    "AWSElasticBlockStore:*AWSElasticBlockStore@awsElasticBlockStore GitRepo:*GitRepo "
    "Secret:*SecretVolumeSource NFS:*NFS@nfs ISCSI:*ISCSIVolume@iscsi Glusterfs:*GlusterfsVolume "
    "PersistentVolumeClaim:*PersistentVolumeClaimVolumeSource RBD:*RBDVolume@rbd Quobyte:*Quobyte "
    "FlexVolume:*FlexVolume Cinder:*Cinder CephFS:*CephFSVolume@cephfs Flocker:*Flocker "
    "DownwardAPI:*DownwardAPIVolumeSource@downwardAPI FC:*FC@fc AzureFile:*AzureFileVolume "
    "ConfigMap:*ConfigMapVolumeSource VsphereVolume:*VsphereVolume AzureDisk:*AzureDisk "
    "PhotonPersistentDisk:*PhotonPersistentDisk Projected:*ProjectedVolumeSource "
    "PortworxVolume:*Portworx ScaleIO:*ScaleIO@scaleIO StorageOS:*StorageOS@storageos "
    "CSI:*CSIVolumeSource@csi Ephemeral:*EphemeralVolumeSource Image:*ImageVolumeSource",
    "HostPathVolumeSource Path:s Type:?",
    "EmptyDirVolumeSource Medium:s SizeLimit:?",
    "GCEPersistentDisk PDName:s@pdName FSType:s@fsType Partition:i ReadOnly:b",
    "AWSElasticBlockStore VolumeID:s@volumeID FSType:s@fsType Partition:i ReadOnly:b",
    "GitRepo Repository:s Revision:s Directory:s",
    "SecretVolumeSource SecretName:s Items:[KeyToPath DefaultMode:? Optional:?",
    "NFS Server:s Path:s ReadOnly:b",
    "ISCSIVolume TargetPortal:s IQN:s@iqn Lun:i ISCSIInterface:s@iscsiInterface FSType:s@fsType "
    "ReadOnly:b Portals:? DiscoveryCHAPAuth:b@chapAuthDiscovery SessionCHAPAuth:b@chapAuthSession "
    "SecretRef:*LocalObjectReference InitiatorName:?",
    "GlusterfsVolume EndpointsName:s@endpoints Path:s ReadOnly:b",
    "GlusterfsPV EndpointsName:s@endpoints Path:s ReadOnly:b EndpointsNamespace:?",
    "PersistentVolumeClaimVolumeSource ClaimName:s ReadOnly:b",
    "RBDVolume CephMonitors:?@monitors RBDImage:s@image FSType:s@fsType RBDPool:s@pool "
    "RadosUser:s@user Keyring:s SecretRef:*LocalObjectReference ReadOnly:b",
    "RBDPV CephMonitors:?@monitors RBDImage:s@image FSType:s@fsType RBDPool:s@pool "
    "RadosUser:s@user "
    "Keyring:s SecretRef:*SecretReference ReadOnly:b",
    "Quobyte Registry:s Volume:s ReadOnly:b User:s Group:s Tenant:s",
    "FlexVolume Driver:s FSType:s@fsType SecretRef:*LocalObjectReference ReadOnly:b Options:?",
    "FlexPV Driver:s FSType:s@fsType SecretRef:*SecretReference ReadOnly:b Options:?",
    "Cinder VolumeID:s@volumeID FSType:s@fsType ReadOnly:b SecretRef:*LocalObjectReference",
    "CinderPV VolumeID:s@volumeID FSType:s@fsType ReadOnly:b SecretRef:*SecretReference",
    "CephFSVolume Monitors:? Path:s User:s SecretFile:s SecretRef:*LocalObjectReference ReadOnly:b",
    "CephFSPV Monitors:? Path:s User:s SecretFile:s SecretRef:*SecretReference ReadOnly:b",
    "Flocker DatasetName:s DatasetUUID:s@datasetUUID",
    "DownwardAPIVolumeSource Items:[DownwardAPIVolumeFile DefaultMode:?",
    "DownwardAPIVolumeFile Path:s FieldRef:*ObjectFieldSelector "
    "ResourceFieldRef:*ResourceFieldSelector Mode:?",
    "ObjectFieldSelector APIVersion:s@apiVersion FieldPath:s",
    "ResourceFieldSelector ContainerName:s Resource:s Divisor:?",
    "FC TargetWWNs:? Lun:? FSType:s@fsType ReadOnly:b WWIDs:?@wwids",
    "AzureFileVolume SecretName:s ShareName:s ReadOnly:b",
    "AzureFilePV SecretName:s ShareName:s ReadOnly:b SecretNamespace:?",
    "ConfigMapVolumeSource Name:s Items:[KeyToPath DefaultMode:? Optional:?",
    "KeyToPath Key:s Path:s Mode:?",
    "VsphereVolume VolumePath:s FSType:s@fsType StoragePolicyName:s "
    "StoragePolicyID:s@storagePolicyID",
    "AzureDisk DiskName:s DataDiskURI:s@diskURI CachingMode:? FSType:?@fsType ReadOnly:? Kind:?",
    "PhotonPersistentDisk PdID:s@pdID FSType:s@fsType",
    "ProjectedVolumeSource Sources:[VolumeProjection DefaultMode:?",
    "VolumeProjection Secret:*SecretProjection DownwardAPI:*DownwardAPIProjection@downwardAPI "
    "ConfigMap:*SecretProjection ServiceAccountToken:*ServiceAccountTokenProjection "
    "ClusterTrustBundle:*ClusterTrustBundleProjection PodCertificate:*PodCertificateProjection",
    "SecretProjection Name:s Items:[KeyToPath Optional:?",
    "DownwardAPIProjection Items:[DownwardAPIVolumeFile",
    "ServiceAccountTokenProjection Audience:s ExpirationSeconds:i Path:s",
    "ClusterTrustBundleProjection Name:? SignerName:? LabelSelector:L Optional:? Path:s",
    "PodCertificateProjection SignerName:s KeyType:s MaxExpirationSeconds:? "
    "CredentialBundlePath:s KeyPath:s CertificateChainPath:s UserAnnotations:?",
    "Portworx VolumeID:s@volumeID FSType:s@fsType ReadOnly:b",
    "ScaleIO Gateway:s System:s SecretRef:*LocalObjectReference SSLEnabled:b@sslEnabled "
    "ProtectionDomain:s StoragePool:s StorageMode:s VolumeName:s FSType:s@fsType ReadOnly:b",
    "ScaleIOPV Gateway:s System:s SecretRef:*SecretReference SSLEnabled:b@sslEnabled "
    "ProtectionDomain:s StoragePool:s StorageMode:s VolumeName:s FSType:s@fsType ReadOnly:b",
    "StorageOS VolumeName:s VolumeNamespace:s FSType:s@fsType ReadOnly:b "
    "SecretRef:*LocalObjectReference",
    "StorageOSPV VolumeName:s VolumeNamespace:s FSType:s@fsType ReadOnly:b "
    "SecretRef:*ObjectReference",
    "CSIVolumeSource Driver:s ReadOnly:? FSType:?@fsType VolumeAttributes:? "
    "NodePublishSecretRef:*LocalObjectReference",
    "EphemeralVolumeSource VolumeClaimTemplate:?",
    "ImageVolumeSource Reference:s PullPolicy:s",
    "LocalObjectReference Name:s",
    "SecretReference Name:s Namespace:s",
    "ObjectReference Kind:s Namespace:s Name:s UID:s@uid APIVersion:s@apiVersion ResourceVersion:s "
    "FieldPath:s",
    "Container Name:s Image:s Command:? Args:? WorkingDir:s Ports:[ContainerPort "
    "EnvFrom:[EnvFromSource Env:[EnvVar Resources:ResourceRequirements ResizePolicy:[ResizePolicy "
    "RestartPolicy:? RestartPolicyRules:[RestartRule VolumeMounts:[VolumeMount "
    "VolumeDevices:[VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe "
    "Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s "
    "SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b@tty",
    "EphemeralContainer Name:s Image:s Command:? Args:? WorkingDir:s Ports:[ContainerPort "
    "EnvFrom:[EnvFromSource Env:[EnvVar Resources:ResourceRequirements ResizePolicy:[ResizePolicy "
    "RestartPolicy:? RestartPolicyRules:[RestartRule VolumeMounts:[VolumeMount "
    "VolumeDevices:[VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe "
    "Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s "
    "SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b@tty TargetContainerName:s",
    "ContainerPort Name:s HostPort:i ContainerPort:i Protocol:s HostIP:s@hostIP",
    "EnvFromSource Prefix:s ConfigMapRef:*EnvSource SecretRef:*EnvSource",
    "EnvSource Name:s Optional:?",
    "EnvVar Name:s Value:s ValueFrom:*EnvVarSource",
    "EnvVarSource FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector "
    "ConfigMapKeyRef:*KeySelector SecretKeyRef:*KeySelector FileKeyRef:*FileKeySelector",
    "KeySelector Name:s Key:s Optional:?",
    "FileKeySelector VolumeName:s Path:s Key:s Optional:?",
    "ResourceRequirements Limits:? Requests:? Claims:[ResourceClaim",
    "ResourceClaim Name:s Request:s",
    "ResizePolicy ResourceName:s RestartPolicy:s",
    "RestartRule Action:s ExitCodes:*RestartExitCodes",
    "RestartExitCodes Operator:s Values:?",
    "VolumeMount Name:s ReadOnly:b RecursiveReadOnly:? MountPath:s SubPath:s MountPropagation:? "
    "SubPathExpr:s",
    "VolumeDevice Name:s DevicePath:s",
    "Probe Exec:*ExecAction HTTPGet:*HTTPGetAction@httpGet TCPSocket:*TCPSocketAction@tcpSocket "
    "GRPC:*GRPCAction@grpc InitialDelaySeconds:i TimeoutSeconds:i PeriodSeconds:i "
    "SuccessThreshold:i FailureThreshold:i TerminationGracePeriodSeconds:?",
    "ExecAction Command:?",
    "HTTPGetAction Path:s Port:? Host:s Scheme:s HTTPHeaders:[HTTPHeader@httpHeaders",
    "HTTPHeader Name:s Value:s",
    "TCPSocketAction Port:? Host:s",
    "GRPCAction Port:i Service:?",
    "Lifecycle PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:?",
    "LifecycleHandler Exec:*ExecAction HTTPGet:*HTTPGetAction@httpGet "
    "TCPSocket:*TCPSocketAction@tcpSocket Sleep:*SleepAction",
    "SleepAction Seconds:i",
    "SecurityContext Capabilities:*Capabilities Privileged:? "
    "SELinuxOptions:*SELinux@seLinuxOptions "
    "WindowsOptions:*WindowsOptions RunAsUser:? RunAsGroup:? RunAsNonRoot:? "
    "ReadOnlyRootFilesystem:? AllowPrivilegeEscalation:? ProcMount:? SeccompProfile:*Profile "
    "AppArmorProfile:*Profile",
    "Capabilities Add:? Drop:?",
    "SELinux User:s Role:s Type:s Level:s",
    "WindowsOptions GMSACredentialSpecName:?@gmsaCredentialSpecName "
    "GMSACredentialSpec:?@gmsaCredentialSpec RunAsUserName:? HostProcess:?",
    "Profile Type:s LocalhostProfile:?",
    "PodSecurityContext HostNetwork:b HostPID:b@hostPID HostIPC:b@hostIPC ShareProcessNamespace:? "
    "HostUsers:? SELinuxOptions:*SELinux@seLinuxOptions WindowsOptions:*WindowsOptions RunAsUser:? "
    "RunAsGroup:? RunAsNonRoot:? SupplementalGroups:? SupplementalGroupsPolicy:? FSGroup:?@fsGroup "
    "FSGroupChangePolicy:?@fsGroupChangePolicy Sysctls:[Sysctl SeccompProfile:*Profile "
    "AppArmorProfile:*Profile SELinuxChangePolicy:?@seLinuxChangePolicy",
    "Sysctl Name:s Value:s",
    "Toleration Key:s Operator:s Value:s Effect:s TolerationSeconds:?",
    "HostAlias IP:s@ip Hostnames:?",
    "PodDNSConfig Nameservers:? Searches:? Options:[DNSOption",
    "DNSOption Name:s Value:?",
    "PodReadinessGate ConditionType:s",
    "PodOS Name:s",
    "PodSchedulingGate Name:s",
    "PodSchedulingGroup PodGroupName:?",
};

// Affinity, workloads, claims and others.
inline constexpr std::array<std::string_view, 32> kMoreInternalTypes{
    "PodResourceClaim Name:s ResourceClaimName:? ResourceClaimTemplateName:?",
    "TopologySpreadConstraint MaxSkew:i TopologyKey:s WhenUnsatisfiable:s LabelSelector:L "
    "MinDomains:? NodeAffinityPolicy:? NodeTaintsPolicy:? MatchLabelKeys:?",
    "Affinity NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity",
    "NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector "
    "PreferredDuringSchedulingIgnoredDuringExecution:[PreferredTerm",
    "NodeSelector NodeSelectorTerms:[NodeSelectorTerm",
    "NodeSelectorTerm MatchExpressions:[NodeRequirement MatchFields:[NodeRequirement",
    "NodeRequirement Key:s Operator:s Values:?",
    "PreferredTerm Weight:i Preference:NodeSelectorTerm",
    "PodAffinity RequiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm "
    "PreferredDuringSchedulingIgnoredDuringExecution:[WeightedTerm",
    "WeightedTerm Weight:i PodAffinityTerm:PodAffinityTerm",
    "PodAffinityTerm LabelSelector:L Namespaces:? TopologyKey:s NamespaceSelector:L "
    "MatchLabelKeys:? MismatchLabelKeys:?",
    "VolumeNodeAffinity Required:*NodeSelector",
    "ClaimSpec AccessModes:? Selector:L Resources:VolumeResources VolumeName:s StorageClassName:? "
    "VolumeMode:? DataSource:*DataSource DataSourceRef:*DataSourceRef VolumeAttributesClassName:?",
    "VolumeResources Limits:? Requests:?",
    "DataSource APIGroup:?@apiGroup Kind:s Name:s",
    "DataSourceRef APIGroup:?@apiGroup Kind:s Name:s Namespace:?",
    "PersistentVolumeSource GCEPersistentDisk:*GCEPersistentDisk@gcePersistentDisk "
    "AWSElasticBlockStore:*AWSElasticBlockStore@awsElasticBlockStore "
    "HostPath:*HostPathVolumeSource "
    "Glusterfs:*GlusterfsPV NFS:*NFS@nfs RBD:*RBDPV@rbd Quobyte:*Quobyte ISCSI:*ISCSIPV@iscsi "
    "FlexVolume:*FlexPV Cinder:*CinderPV CephFS:*CephFSPV@cephfs FC:*FC@fc Flocker:*Flocker "
    "AzureFile:*AzureFilePV VsphereVolume:*VsphereVolume AzureDisk:*AzureDisk "
    "PhotonPersistentDisk:*PhotonPersistentDisk PortworxVolume:*Portworx "
    "ScaleIO:*ScaleIOPV@scaleIO "
    "Local:*LocalVolume StorageOS:*StorageOSPV@storageos CSI:*CSIPV@csi",
    "ISCSIPV TargetPortal:s IQN:s@iqn Lun:i ISCSIInterface:s@iscsiInterface FSType:s@fsType "
    "ReadOnly:b Portals:? DiscoveryCHAPAuth:b@chapAuthDiscovery SessionCHAPAuth:b@chapAuthSession "
    "SecretRef:*SecretReference InitiatorName:?",
    "LocalVolume Path:s FSType:?@fsType",
    "CSIPV Driver:s VolumeHandle:s ReadOnly:b FSType:s@fsType VolumeAttributes:? "
    "ControllerPublishSecretRef:*SecretReference NodeStageSecretRef:*SecretReference "
    "NodePublishSecretRef:*SecretReference ControllerExpandSecretRef:*SecretReference "
    "NodeExpandSecretRef:*SecretReference",
    "Taint Key:s Value:s Effect:s TimeAdded:?",
    "NodeAddress Type:s Address:s",
    "ServicePort Name:s Protocol:s AppProtocol:? Port:i TargetPort:? NodePort:i",
    "DeploymentStrategy Type:s RollingUpdate:*RollingUpdate",
    "RollingUpdate MaxUnavailable:? MaxSurge:?",
    "StatefulSetUpdateStrategy Type:s RollingUpdate:*RollingUpdateStatefulSet",
    "RollingUpdateStatefulSet Partition:i MaxUnavailable:?",
    "PodDisruptionBudgetSpec MinAvailable:? Selector:L MaxUnavailable:? "
    "UnhealthyPodEvictionPolicy:?",
    "SuccessPolicy Rules:[SuccessPolicyRule",
    "SuccessPolicyRule SucceededIndexes:? SucceededCount:?",
    "IP IP:s@ip",
    "ClaimRef Kind:s Namespace:s Name:s UID:s@uid APIVersion:s@apiVersion ResourceVersion:s "
    "FieldPath:s",
};

}  // namespace orrery::api
